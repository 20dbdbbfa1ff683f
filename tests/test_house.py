"""The house rules that a machine can check. CONTRIBUTING.md says why each one is there.

Longer than 300 lines because it is the one list of the house rules.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TypeGuard

import pytest
import sqlglot
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlglot import exp

import api
import tests
from api import permissions
from domain import events
from projections import pipeline

ROOT = Path(__file__).parent.parent
HOUSES = ("domain", "projections", "api", "dashboard")
LONGEST = 300
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "services", "misc"}
MADE = {".git", ".venv", ".hypothesis", "data", "build", "dist", "__pycache__", "node_modules"}
TEXTS = {".py", ".sql", ".toml", ".md", ".po", ".yml", ".yaml", ".sh", ".lock", ".csv", ".css", ".html", ".json", ""}
OF_THE_DOMAIN = {f"domain.{part}" for part in ("calendar", "fields", "money", "refusal", "spreadsheet")}
DASHBOARD_MAY_IMPORT = {"api.client", "projections.answers", "projections.answers.contracts"} | OF_THE_DOMAIN


def files(*folders: str, suffixes: Iterable[str] = (".py",)) -> Iterator[Path]:
    """Files of the project, without what tools make."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and path.suffix in suffixes and not _is_made(parts):
                yield path


def _is_made(parts: tuple[str, ...]) -> bool:
    return parts[0] in MADE or any(part in MADE or part.endswith(("_cache", ".egg-info")) for part in parts)


def shown(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The modules that a file imports, with `from a import b` as `a.b` and as `a`."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def houses_of(names: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in names} & set(HOUSES)


# Where things are


def test_no_dependency_shadows_our_top_level_packages() -> None:
    assert Path(str(api.__file__)).parent == ROOT / "api"
    assert Path(str(tests.__file__)).parent == ROOT / "tests"
    assert {name: packages_distributions().get(name) for name in ("domain", "projections", "dashboard")} == {
        name: packages_distributions().get("api") for name in ("domain", "projections", "dashboard")
    }


def test_a_folder_of_pages_never_stands_beside_the_dashboard() -> None:
    assert list((ROOT / "dashboard").rglob("pages")) == []


def test_the_catalogues_folder_is_no_package() -> None:
    assert not (ROOT / "dashboard/locale/__init__.py").exists()


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in files(*HOUSES, "benchmarks")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_no_name_says_nothing() -> None:
    paths = list(files(*HOUSES, "benchmarks", "tests", suffixes=(".py", ".sql")))
    assert shown(path for path in paths if EMPTY_NAMES & {path.stem, *path.relative_to(ROOT).parts[:-1]}) == []
    classes = {node.name for path in paths if path.suffix == ".py" for node in ast.walk(tree(path)) if _is_class(node)}
    assert [name for name in classes if re.search(r"(Manager|Service|Helper|Utils|Base)$", name)] == []


def _is_class(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef)


def test_a_long_file_says_at_its_top_why_it_is_long() -> None:
    long = [
        path
        for path in files(*HOUSES, "benchmarks", "tests", suffixes=(".py", ".sql"))
        if len(lines_of(path)) > LONGEST
    ]
    tops = {path: " ".join(lines_of(path)[:8]).lower() for path in long}
    assert shown(path for path, top in tops.items() if "longer than 300 lines because" not in top) == []


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


# Who knows whom


def test_the_domain_imports_nothing_else_of_ours() -> None:
    assert {name for path in files("domain") for name in houses_of(imported(path))} <= {"domain"}


def test_projections_import_the_domain_only() -> None:
    assert {name for path in files("projections") for name in houses_of(imported(path))} <= {"domain", "projections"}


def test_no_house_imports_the_benchmarks_or_the_tests() -> None:
    roots = {path: {name.split(".")[0] for name in imported(path)} for path in files(*HOUSES)}
    assert shown(path for path, names in roots.items() if names & {"benchmarks", "tests"}) == []


def test_nothing_imports_the_dashboard() -> None:
    paths = files("domain", "projections", "api")
    assert shown(path for path in paths if "dashboard" in houses_of(imported(path))) == []


@pytest.mark.parametrize("path", list(files("dashboard")), ids=lambda path: path.name)
def test_the_dashboard_asks_the_api_as_anyone_would(path: Path) -> None:
    modules = {
        ".".join(node.module.split(".")[:2])
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module and houses_of([node.module]) - {"dashboard"}
    }
    assert modules <= DASHBOARD_MAY_IMPORT | {"api", "projections"}
    packages = {name for name in imported(path) if name.startswith(("api.", "projections."))}
    assert {name for name in packages if name.count(".") == 1} <= DASHBOARD_MAY_IMPORT


# Events, models, numbers


def event_classes() -> list[type[events.Event]]:
    return [each for each in vars(events).values() if isinstance(each, type) and issubclass(each, events.Event)][1:]


def test_every_event_says_in_a_docstring_what_happened() -> None:
    assert len(event_classes()) > 15
    assert [each.__name__ for each in event_classes() if not each.__doc__] == []


def test_every_event_has_a_topic_of_its_own() -> None:
    topics = [vars(each).get("TOPIC") for each in event_classes()]
    assert None not in topics
    assert len(set(topics)) == len(topics)


def test_every_model_states_its_grain_and_how_it_is_renewed() -> None:
    names = [model.name for model in pipeline.models()]
    assert len(set(names)) == len(names) == len(list(pipeline.MODELS.glob("[1-9][0-9]_*.sql")))


@pytest.mark.parametrize("model", pipeline.models(), ids=lambda model: model.name)
def test_a_model_reads_lower_numbers_only(model: pipeline.Model) -> None:
    numbers = {each.name: each.number for each in pipeline.models()}
    read = {table.name for table in sqlglot.parse_one(model.select, dialect="duckdb").find_all(exp.Table)}
    assert {name for name in read if numbers.get(name, -1) >= model.number} == set()


def test_points_and_money_never_pass_through_a_float() -> None:
    calls = {
        path: [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and _called(node) == "float"]
        for path in files("domain", "projections")
    }
    assert shown(path for path, found in calls.items() if found) == []


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func)


# What a bank could change is data


def scheme_ids() -> set[str]:
    """The ids of schemes, kinds and indicators in the shipped scheme files."""
    ids: set[str] = set()
    for path in (ROOT / "domain/schemes").glob("*/[12]*.toml"):
        scheme = tomllib.loads(path.read_text(encoding="utf-8"))
        ids |= {scheme["scheme"], *scheme["kinds"], *(indicator["id"] for indicator in scheme["indicators"])}
    return ids


def test_no_id_of_a_scheme_or_kind_stands_in_code() -> None:
    ids = scheme_ids()
    assert len(ids) > 10
    code, queries = files(*HOUSES), files("projections", suffixes=(".sql",))
    assert {f"{path.name}: {word}" for path in code for word in _words_in_python(path) if word in ids} == set()
    assert {f"{path.name}: {word}" for path in queries for word in _words_in_sql(path) if word in ids} == set()


def _words_in_python(path: Path) -> Iterator[str]:
    """String constants, whole: a word in a sentence is no id."""
    constants = (node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant))
    return (value for value in constants if isinstance(value, str))


def _words_in_sql(path: Path) -> list[str]:
    return re.findall(r"'([^']*)'", path.read_text(encoding="utf-8"))


def test_every_operation_says_in_a_sentence_what_it_allows() -> None:
    sentences = [row.sentence for row in permissions.OPERATIONS.values()]
    assert [sentence for sentence in sentences if not sentence.endswith(".")] == []


def test_what_the_client_calls_and_the_dashboard_asks_leave_for_bears_the_name_of_an_operation() -> None:
    calls = {
        name
        for path in (ROOT / "api").glob("client*.py")
        for name in re.findall(r"^    def ([a-z]\w*)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert calls - permissions.OPERATIONS.keys() == {"catch_up", "payroll_grades_file"}  # the latter: as a file
    asked = {
        name
        for path in (ROOT / "dashboard").rglob("*.py")
        for name in re.findall(r"\bmay\(\"(\w+)\"\)", path.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked - permissions.OPERATIONS.keys() == set()


def test_no_command_waits_for_a_framework_that_it_does_not_use() -> None:
    """FastAPI and Streamlit take longer to load than most commands do to run."""
    program = "import sys, api.cli; print(sorted({'fastapi', 'streamlit', 'pandas'} & sys.modules.keys()))"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"


# Tests


def test_no_test_waits_for_the_clock_or_is_left_out() -> None:
    forbidden = re.compile(r"(time|asyncio)\.sleep\(|pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)\b")
    paths = [path for path in files("tests") if path != Path(__file__)]
    assert shown(path for path in paths if forbidden.search(path.read_text(encoding="utf-8"))) == []


def test_the_name_of_a_test_is_a_sentence() -> None:
    names = {
        node.name
        for path in files("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert {name for name in names if name.count("_") < 3} == set()


# What goes into the repository


def test_no_registry_and_no_path_of_one_machine_is_named() -> None:
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js.", "deb" + ".debian.org", "index" + "-url")
    folders = "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"))
    paths = re.compile(f"(?<![A-Za-z0-9_.])/(?:{folders})/")
    found = {
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in files(".", suffixes=TEXTS)
        for line in lines_of(path)
        if any(host in line for host in hosts) or paths.search(line)
    }
    assert found == set()


def project() -> dict[str, object]:
    whole: dict[str, dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return whole["project"]


def test_the_lock_file_holds_what_the_project_asks_for() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock, re.MULTILINE))
    extras = project()["optional-dependencies"]
    assert isinstance(extras, dict)
    asked = [Requirement(text) for text in (*dependencies(), *extras["dev"])]
    unmet = [str(each) for each in asked if not each.specifier.contains(locked.get(canonicalize_name(each.name), "0"))]
    assert unmet == []
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > len(locked)


def dependencies() -> list[str]:
    named = project()["dependencies"]
    assert isinstance(named, list)
    return named


def test_every_library_that_the_product_imports_is_asked_for() -> None:
    declared = {canonicalize_name(Requirement(text).name) for text in dependencies()}
    modules = {name.split(".")[0] for path in files(*HOUSES) for name in imported(path)}
    foreign = modules - set(HOUSES) - set(sys.stdlib_module_names)
    origins = {name: set(map(canonicalize_name, packages_distributions().get(name, []))) for name in foreign}
    assert {name for name, origin in origins.items() if not declared & origin} == set()
