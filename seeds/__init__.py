"""What the handbooks say, as data: one file per product, and the reference lists beside them."""
