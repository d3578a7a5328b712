"""What was acknowledged outlives kill -9, of the service and of its PostgreSQL, under load.

`make faults` does the same two hundred times.
"""

from tests.faults import campaign


def test_no_acknowledged_answer_nor_its_alarm_is_lost_or_doubled():
    found = campaign.run(list(campaign.VICTIMS), seed=7)

    assert found.broken == []
    assert found.audit.startswith("north: whole"), found.audit
    assert all(found.kills[victim] == 1 for victim in campaign.VICTIMS)
