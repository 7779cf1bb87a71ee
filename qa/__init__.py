"""Finding and answering: a question becomes ranked hits and an answer with citations.

`query` reads a question, `search` finds passages and `rank` orders them, `quoting` picks the
sentence and marks what answers, `answer` decides whether to claim it, `cite` writes it down.
`chat` and `talk` read a question with those before it. `engine` has candidates found elsewhere,
`fitting` makes the weights that are shipped, `evaluate` and `questions` measure.
"""
