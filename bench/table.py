"""table - rows of what was measured, limits beside them; the parts of tools/bench use it."""
import sys


class Table:
    def __init__(self):
        self.missed = False

    def say(self, text):
        print(text, flush=True)

    def row(self, what, value, unit, must=None, aim=None, least=False):
        """must and aim are upper limits, or lower ones when least is set; None: no limit."""
        def holds(limit):
            return limit is None or (value >= limit if least else value <= limit)

        def limit(word, bound):
            return "" if bound is None else f"{word} {'>=' if least else '<='} {bound}{unit}"

        verdict = "" if holds(aim) else "aim missed"
        if not holds(must):
            verdict = "MISSED"
            self.missed = True
        line = f"{what:<52} {value:9.2f}{unit:<5} {limit('must', must):<16} {limit('aim', aim):<16}"
        self.say(f"{line} {verdict}".rstrip())

    def end(self):
        sys.exit(self.missed)
