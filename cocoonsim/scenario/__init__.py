"""What is to be simulated: a YAML file, checked as a whole before anything runs.

`Scenario.from_file("scenarios/information_cocoon.yaml")` reads one. The keys are the stages of a step (`population`,
`ranking`, ...), each with the `kind` of its component and that component's settings, and a few plain ones (`steps`, `seed`,
`slate`, ...). Whatever a scenario does not say is filled in, and what it says wrongly is refused with file and line.
"""

from cocoonsim.scenario.head import Compare, Record
from cocoonsim.scenario.json_schema import schema
from cocoonsim.scenario.problems import ScenarioError
from cocoonsim.scenario.scenario import Scenario

__all__ = ["Compare", "Record", "Scenario", "ScenarioError", "schema"]
