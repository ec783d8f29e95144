"""Runs inside the peer's own environment, which has nothing of this project: scores in, its pairs and its time out.

Its capacity is the number of rounds: whoever has found somebody, or has no place left, sits the next one out.
"""

import json
import sys
import time

from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify


class Given:
    """The score that the pair has in the bench, so that both sides weigh alike."""

    def __init__(self, scores):
        self.scores = scores

    def apply(self, match):
        return self.scores[match.mentee.email].get(match.mentor.email, 0)


def main():
    data = json.load(sys.stdin)
    scores = {key: {} for key in data["mentees"]}
    for mentee, mentor, value in data["scores"]:
        scores[mentee][mentor] = value
    started = time.process_time()
    mentors = [Mentor(email=key, grade=1) for key in data["mentors"]]
    mentees = [Mentee(email=key, grade=9) for key in data["mentees"]]
    absent = Disqualify(lambda match: match.mentor.email not in scores[match.mentee.email])
    for _round in range(data["rounds"]):
        free = [one for one in mentors if len(one.mentees) < data["mentors"][one.email]]
        waiting = [one for one in mentees if not one.mentors]
        if free and waiting:
            process_data(free, waiting, [[Given(scores), absent]])
    seconds = time.process_time() - started
    pairs = [(one.email, mentor.email) for one in mentees for mentor in one.mentors]
    total = sum(scores[mentee][mentor] for mentee, mentor in pairs)
    sys.stdout.write(json.dumps({"seconds": seconds, "matched": len(pairs), "total": total}))


main()
