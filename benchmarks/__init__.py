"""How fast the gateway is, beside what else could stand in its place, on one machine and in one run.

    data.py          a database of the real size, built once and kept
    queries.py       the documents, and the variables that are drawn from the data
    contenders/      who is measured, each a process of its own
    load/            who sends the requests
    answers.py       asking, and comparing what is answered
    rounds.py        interleaved rounds and their medians
    bench.py         what is measured: the comparison, growth, memory, start, a second worker
    report.py        RESULTS.md; plot.py its picture

Nothing of the gateway imports this package.
"""
