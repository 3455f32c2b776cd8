<%
    body = "\n".join(line for line in (upgrades or "pass").splitlines() if not line.lstrip().startswith("# ###"))
%>"""${message}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${body.strip()}
