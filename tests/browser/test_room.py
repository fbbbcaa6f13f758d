"""A room for a class: everyone plays on the same people, and who opened it sees all results."""

import pytest

from browser.membership import Membership
from browser.protocol import EnterRoom, Refused, Start, read_message
from browser.rooms import KEPT_SECONDS, MOST_MEMBERS, MOST_ROOMS, Result, Rooms
from tests.tools.page import set_lever, wait

BEGAN = Start("urk", 3, 0, [], None)
NUMBERS = {"before": 0.5, "after": 0.6, "newcomers": 0.1, "established": 0.1, "people": 100.0, "cost": 5.0}


def test_results_are_seen_only_by_who_opened_the_room():
    rooms, called = Rooms(), []
    teacher, student = (Membership(rooms, visit, lambda: called.append(1)) for visit in (1, 2))
    teacher.enter(EnterRoom("", "", "t", ""), BEGAN)
    told = teacher.words()
    assert (told["region"], told["seed"], told["results"]) == ("urk", 3, []) and len(told["code"]) == 5
    student.enter(EnterRoom(told["code"].lower(), "Ada", "s", "guessed"), None)
    student.note([None, None])
    assert "results" not in student.words() and student.words()["count"] == 1
    assert teacher.has_news() and [one["name"] for one in teacher.words()["results"]] == ["Ada"]
    rooms.put(rooms.find(told["code"]), "s", Result("Ada", [(0, "work.support", 1.0)], NUMBERS))
    student.leave()
    again = teacher.words()["results"]
    assert again[0]["people"] == 100 and again[0]["events"] == [(0, "work.support", 1.0)], "a result stays"
    teacher.leave()
    back = Membership(rooms, 3, lambda: None)
    back.enter(EnterRoom(told["code"], "", "t", told["key"]), None)
    assert len(back.words()["results"]) == 1


def test_rooms_and_members_are_limited_and_forgotten(monkeypatch):
    rooms = Rooms()
    room = rooms.open("urk", 1)
    for number in range(MOST_MEMBERS):
        rooms.put(room, str(number), Result("x", [], {}))
    with pytest.raises(Refused, match="full"):
        rooms.put(room, "one more", Result("x", [], {}))
    for _ in range(MOST_ROOMS - 1):
        rooms.open("urk", 1)
    with pytest.raises(Refused, match="too many rooms"):
        rooms.open("urk", 1)
    with pytest.raises(Refused, match="no room"):
        rooms.find("ZZZZZ")
    for one in rooms.rooms.values():
        one.used -= KEPT_SECONDS + 1
    assert rooms.open("urk", 1).code in rooms.rooms and len(rooms.rooms) == 1


@pytest.mark.parametrize("wrong", ['"code": 5', '"name": "' + "x" * 50 + '"', '"key": null'])
def test_nonsense_is_refused(wrong):
    with pytest.raises(Refused):
        good = '{"type": "room", "code": "A", "name": "B", "member": "C", "key": "", '
        read_message(good + wrong + "}")


@pytest.mark.browser
def test_teacher_sees_everyone_on_one_chart(visit):
    teacher = visit("#month=2&seed=4")
    teacher.click("#class-open")
    teacher.click("#class-new")
    wait(teacher, "document.querySelector('#class-link').value.includes('room=')")
    link = teacher.input_value("#class-link")
    pages = []
    for name, lever in (("Ada", "facilities.funding.library"), ("<b>Bob</b>", "work.support")):
        page = visit(link[link.index("#") :])
        assert page.is_visible("#class") and page.input_value("#class-code") == link.split("=")[1]
        page.fill("#class-name", name)
        page.click("#class-join")
        wait(page, "thuis.state.world?.seed === 4 && thuis.state.runs[0].months.length > 0")
        assert page.evaluate("document.querySelectorAll('#class-rows tr').length") == 0
        wait(page, "!document.querySelector('#class').open")
        set_lever(page, lever, 1.5 if "library" in lever else 1)
        pages.append(page)
    wait(teacher, "document.querySelectorAll('#class-chart circle').length === 2", 120)
    rows = teacher.inner_text("#class-rows")
    assert "Ada" in rows and "<b>Bob</b>" in rows and "library: 1.50" in rows and "€" in rows
    with teacher.expect_download() as waiting:
        teacher.click("#class-csv")
    data = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert data[0].startswith("name,policy,") and len(data) == 3
    pages[0].reload()
    wait(pages[0], "document.querySelector('#class-open').textContent.includes('Room')")
    assert teacher.evaluate("document.querySelectorAll('#class-rows tr').length") == 2, "the same member comes back"
