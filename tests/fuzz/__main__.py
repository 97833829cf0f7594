"""Fuzzes every target in turn, each in a process of its own, and prints what came of it."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import click

try:
    import atheris
except ImportError:
    atheris = None

# Coverage guidance must be switched on before a module is imported.
with atheris.instrument_imports(include=["build_tools"]) if atheris else nullcontext():
    from tests.fuzz.running import LONGEST, Watch, mutate, run_at_random
    from tests.fuzz.targets import TARGETS

_COVERED = re.compile(r"cov: (\d+)")
# The timeout of one input in seconds; it ends the process, and the input stays in the folder.
_HANGS = 60


@click.command()
@click.option("--minutes", default=5.0, show_default=True, help="For all targets together.")
@click.option("--target", "names", multiple=True, type=click.Choice(list(TARGETS)))
@click.option("--findings", type=click.Path(path_type=Path), default=Path("build/fuzz"))
@click.option("--seed", default=1, show_default=True, help="What chance begins with.")
@click.option("--child", is_flag=True, hidden=True)
def main(minutes: float, names: tuple[str, ...], findings: Path, seed: int, child: bool) -> None:
    """Fuzzes the readers of files and prints, for each, what was tried and what broke."""
    chosen = names or tuple(TARGETS)
    seconds = minutes * 60 / len(chosen)
    if child:
        _fuzz(chosen[0], seconds, findings, seed)
        return
    found = sum(_run_child(name, seconds, findings, seed) for name in chosen)
    sys.exit(1 if found else 0)


def _run_child(name: str, seconds: float, findings: Path, seed: int) -> int:
    """Fuzzes a target, prints what came of it, and gives the number of findings."""
    command = [sys.executable, "-m", "tests.fuzz", "--child", "--target", name]
    command += ["--minutes", f"{seconds / 60}", "--findings", str(findings), "--seed", str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not told:
        click.echo(f"{name}: ended with status {done.returncode}\n{done.stderr[-2000:]}")
        return 1
    covered = _COVERED.findall(done.stderr)
    cover = f"{covered[0]} → {covered[-1]} edges covered, " if covered else ""
    result = json.loads(told[-1])
    click.echo(
        f"{name}: {result['executions']:,} inputs, {cover}"
        f"slowest {result['slowest']:.2f} s, {len(result['findings'])} findings"
    )
    for where, what in result["findings"].items():
        click.echo(f"    {what}\n        {where}")
    return len(result["findings"])


def _fuzz(name: str, seconds: float, findings: Path, seed: int) -> None:
    findings.mkdir(parents=True, exist_ok=True)
    watch = Watch(TARGETS[name], findings)
    if atheris:
        _run_guided(watch, seconds, seed)
    else:
        run_at_random(watch, seconds, random.Random(seed))
        _tell(watch)


def _tell(watch: Watch) -> None:
    findings = {finding.where: finding.what for finding in watch.findings.values()}
    told = {"executions": watch.executions, "slowest": watch.slowest, "findings": findings}
    print(json.dumps(told), flush=True)


def _run_guided(watch: Watch, seconds: float, seed: int) -> None:
    """Lets atheris look for inputs that reach new lines; half of them are changed by tokens."""
    seeds = [one[:LONGEST] for one in watch.target.seeds()]
    until = time.monotonic() + seconds

    def try_input(data: bytes) -> None:
        watch.try_input(data)
        if time.monotonic() > until:
            _tell(watch)
            os._exit(0)

    def change(data: bytes, longest: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return mutate(data, seeds, chance)[:longest]

    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds):
            (Path(folder) / f"{number}").write_bytes(data)
        options = (f"-max_len={LONGEST}", f"-timeout={_HANGS}", "-rss_limit_mb=3000")
        artifacts = f"-artifact_prefix={watch.folder}/"
        atheris.Setup(
            [sys.argv[0], folder, *options, artifacts, f"-seed={seed}"],
            try_input,
            custom_mutator=change,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
