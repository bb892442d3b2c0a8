"""Writing what hangs on questions and answers: revisions, comments, links, votes, follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from consilium.accounts.models import Person
from consilium.questions.models import Answer, Comment, Follow, HelpfulVote, Question, QuestionLink, Revision, SourceAuthor
from consilium.transfer.loader.batch import Batch
from consilium.transfer.loader.bulk import Values, among
from consilium.transfer.loader.questions import missing_of
from consilium.transfer.loader.rows import Row, create, diff, filled, merged, update
from consilium.transfer.loader.state import Run
from consilium.transfer.records import CommentRecord, FollowRecord, LinkRecord, RevisionRecord, VoteRecord

COMMENT_COLUMNS = ("question_id", "answer_id", "source_author_id", "body", "at", "source_votes")
NUMBER_TAKEN = "another wording with its number is here already."


class Posts(NamedTuple):
    """Numbers of the posts that a batch names, by key; `of_answer` gives each answer's question."""

    questions: Mapping[str, int]
    answers: Mapping[str, int]
    of_answer: Mapping[str, int]

    def missing(self, question: str | None, answer: str | None) -> str:
        return missing_of("question", question, self.questions) or missing_of("answer", answer, self.answers)


def load_revisions(run: Run, batch: Batch) -> None:
    records = {record.key: record for record in batch.of(RevisionRecord)}
    posts, people, authors = _named(run, list(records.values()))
    known = run.find(Revision, records)
    run.report.count("revisions", "unchanged", len(known))
    rows: dict[str, Values] = {}
    taken = _taken_numbers(posts)
    for key, record in records.items():
        if key in known:
            continue
        missing = (
            posts.missing(record.question_key, record.answer_key)
            or missing_of("person", record.person_key, people)
            or missing_of("author", record.author_key, authors)
        )
        question, answer = posts.questions.get(record.question_key or ""), posts.answers.get(record.answer_key or "")
        if missing:
            run.postpone(record, "revisions", missing)
        elif (question, answer, record.number) in taken:
            run.report.skip(record.where, NUMBER_TAKEN, "revisions")
        else:
            taken.add((question, answer, record.number))
            rows[key] = {
                "question_id": question, "answer_id": answer, "number": record.number, "title": record.title,
                "body": record.body, "body_format": record.body_format, "person_id": people.get(record.person_key or ""),
                "source_author_id": authors.get(record.author_key or ""), "comment": record.comment,
                "at": record.at or run.now,
            }  # fmt: skip
    create(run, batch, "revisions", Revision, rows)


def _taken_numbers(posts: Posts) -> set[tuple[int | None, int | None, int]]:
    numbers = ("question", "answer", "number")
    of_questions = Revision.objects.filter(question__in=among(posts.questions.values())).values_list(*numbers)
    of_answers = Revision.objects.filter(answer__in=among(posts.answers.values())).values_list(*numbers)
    return {*of_questions, *of_answers}


def load_comments(run: Run, batch: Batch) -> None:
    records = {record.key: record for record in batch.of(CommentRecord)}
    posts, _, authors = _named(run, list(records.values()))
    wanted: dict[str, Row] = {}
    for key, record in records.items():
        missing = posts.missing(record.question_key, record.answer_key) or missing_of("author", record.author_key, authors)
        if missing:
            run.postpone(record, "comments", missing)
            continue
        answer = record.answer_key or ""
        question = posts.of_answer[answer] if answer else posts.questions[record.question_key or ""]
        author = authors.get(record.author_key or "")
        wanted[key] = (question, posts.answers.get(answer), author, record.body, record.at, record.source_votes)
    if not wanted:
        return
    found = diff(run, Comment, COMMENT_COLUMNS, wanted)
    run.report.count("comments", "unchanged", found.same)
    create(run, batch, "comments", Comment, {key: filled(COMMENT_COLUMNS, wanted[key]) for key in found.new})
    changed = [Comment(pk=old.pk, **merged(COMMENT_COLUMNS, wanted[key], old.row)) for key, old in found.changed.items()]
    update(run, batch, "comments", changed, COMMENT_COLUMNS)
    batch.shown_changes.update(wanted[key][0] for key in (*found.new, *found.changed))


def load_links(run: Run, batch: Batch) -> None:
    """`related` rows are the site's own (the worker computes them), so only duplicates are taken."""
    records = batch.of(LinkRecord)
    questions = run.find(Question, {key for record in records for key in (record.question_key, record.other_key)})
    pairs: dict[tuple[int, int], LinkRecord] = {}
    for record in records:
        missing = missing_of("question", record.question_key, questions) or missing_of("question", record.other_key, questions)
        if missing:
            run.postpone(record, "links", missing)
        elif record.question_key == record.other_key:
            run.report.skip(record.where, "a question cannot be linked to itself.", "links")
        else:
            pairs[questions[record.question_key], questions[record.other_key]] = record
    stored = QuestionLink.objects.filter(question__in={one for one, _ in pairs}).values_list("question", "other", "kind")
    present = set(stored)
    rows: dict[str, Values] = {
        f"{one} {other} {record.kind}": {"question_id": one, "other_id": other, "kind": record.kind, "rank": record.rank}
        for (one, other), record in pairs.items()
        if (one, other, record.kind) not in present
    }
    run.report.count("links", "unchanged", len(pairs) - len(rows))
    create(run, batch, "links", QuestionLink, rows)
    batch.shown_changes.update(row["question_id"] for row in rows.values())
    batch.relate.update(row["question_id"] for row in rows.values())


def load_votes(run: Run, batch: Batch) -> None:
    records = batch.of(VoteRecord)
    answers = run.find(Answer, {record.answer_key for record in records})
    people = run.find(Person, {record.person_key for record in records})
    pairs: dict[tuple[int, int], VoteRecord] = {}
    for record in records:
        missing = missing_of("answer", record.answer_key, answers) or missing_of("person", record.person_key, people)
        if missing:
            run.postpone(record, "votes", missing)
        else:
            pairs[answers[record.answer_key], people[record.person_key]] = record
    present = set(HelpfulVote.objects.filter(answer__in={one for one, _ in pairs}).values_list("answer", "person"))
    rows: dict[str, Values] = {
        f"{answer} {person}": {"answer_id": answer, "person_id": person, "created_at": record.at}
        for (answer, person), record in pairs.items()
        if (answer, person) not in present
    }
    run.report.count("votes", "unchanged", len(pairs) - len(rows))
    create(run, batch, "votes", HelpfulVote, rows)
    batch.voted.update(row["answer_id"] for row in rows.values())


def load_follows(run: Run, batch: Batch) -> None:
    records = batch.of(FollowRecord)
    questions = run.find(Question, {record.question_key for record in records})
    people = run.find(Person, {record.person_key for record in records})
    pairs: dict[tuple[int, int], FollowRecord] = {}
    for record in records:
        missing = missing_of("question", record.question_key, questions) or missing_of("person", record.person_key, people)
        if missing:
            run.postpone(record, "follows", missing)
        else:
            pairs[questions[record.question_key], people[record.person_key]] = record
    present = set(Follow.objects.filter(question__in={one for one, _ in pairs}).values_list("question", "person"))
    rows: dict[str, Values] = {
        f"{question} {person}": {
            "question_id": question,
            "person_id": person,
            "created_at": record.at,
            "seen_answers": record.seen_answers,
        }
        for (question, person), record in pairs.items()
        if (question, person) not in present
    }
    run.report.count("follows", "unchanged", len(pairs) - len(rows))
    create(run, batch, "follows", Follow, rows)


def _named(run: Run, records: Sequence[RevisionRecord | CommentRecord]) -> tuple[Posts, Mapping[str, int], Mapping[str, int]]:
    """The posts, people and authors that the records name."""
    answers = {record.answer_key for record in records if record.answer_key}
    stored = Answer.objects.filter(key__in=among(answers)).values_list("key", "pk", "question")
    rows = list(stored) if answers else []
    numbers = {key: pk for key, pk, _ in rows}
    of_answer = {key: question for key, _, question in rows}
    if run.dry_run:
        ghosts = run.ghosts.find(Answer, answers - numbers.keys())
        numbers.update(ghosts)
        of_answer.update(dict.fromkeys(ghosts, 0))
    posts = Posts(run.find(Question, {record.question_key for record in records if record.question_key}), numbers, of_answer)
    people = {record.person_key for record in records if isinstance(record, RevisionRecord) and record.person_key}
    authors = {record.author_key for record in records if record.author_key}
    return posts, run.find(Person, people), run.find(SourceAuthor, authors)
