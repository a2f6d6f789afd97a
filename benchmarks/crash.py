"""Kill -9 one process after the other under load, and count what was lost or doubled. `--rounds 50`, `--sqlite`."""

import argparse
import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter

from benchmarks.fleet import Fleet, Member, ready, running_fleet
from benchmarks.ledger import Ledger
from benchmarks.reckoning import Reckoning, reckoned, told

_RATE = 60.0
_MESSAGES = 400
_PATIENCE = 120.0


async def crashes(rounds: int, seed: int, rate: float, *, embedded: bool) -> Reckoning:
    async with running_fleet(embedded=embedded, messages=_MESSAGES) as fleet:
        chance, ledger, stop = random.Random(seed), Ledger(fleet, rate, seed), asyncio.Event()
        load = asyncio.create_task(ledger.run(stop))
        victims: Counter[str] = Counter()
        for number, name in enumerate(_order(chance, rounds, embedded=embedded)):
            await asyncio.sleep(chance.uniform(0.5, 3))
            await _round(name, fleet, ledger, chance)
            victims[name] += 1
            print(f"round {number + 1}: {name} killed, {ledger.answered} pixels answered so far", flush=True)
        await asyncio.sleep(2)
        stop.set()
        await load
        fell = {member.name: member.ended_itself for member in fleet.members if member.ended_itself}
        print("ended by themselves, and started again: " + (str(fell) if fell else "none"))
        print("killed: " + ", ".join(f"{name} {times}" for name, times in sorted(victims.items())))
        return await reckoned(fleet, ledger, _PATIENCE)


def _order(chance: random.Random, rounds: int, *, embedded: bool) -> list[str]:
    """Who is killed when: in each turn everybody once, in any order."""
    kinds = ["web", "worker"] if embedded else ["web", "recorder", "worker", "postgres", "node"]
    turns = [chance.sample(kinds, len(kinds)) for _ in range(0, rounds, len(kinds))]
    return [kind for turn in turns for kind in turn][:rounds]


async def _round(kind: str, fleet: Fleet, ledger: Ledger, chance: random.Random) -> None:
    """Kill one, leave it dead for a moment, start it again."""
    dead_for = chance.uniform(0.1, 2)
    if kind == "postgres" and fleet.postgres:
        await asyncio.to_thread(fleet.postgres.stop_at_once)
        await asyncio.sleep(dead_for)
        await asyncio.to_thread(fleet.postgres.start_again)
    elif kind == "node":
        node = chance.choice(fleet.nodes)
        await asyncio.to_thread(node.end)
        await asyncio.sleep(dead_for)
        await asyncio.to_thread(node.start)
    else:
        of_kind = {"web": fleet.webs, "worker": fleet.workers, "recorder": fleet.recorders}[kind]
        await _killed(chance.choice(of_kind), ledger, dead_for)


async def _killed(member: Member, ledger: Ledger, dead_for: float) -> None:
    await member.kill()
    if member.name.startswith("web"):
        ledger.died(member)
    await asyncio.sleep(dead_for)
    await member.start()
    if member.name.startswith("web"):
        await ready(member.port)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--rate", type=float, default=_RATE, help="pixels a second")
    parser.add_argument("--sqlite", action="store_true", help="the embedded form: one web process and a worker")
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}, {wanted.rounds} rounds, {wanted.rate:g} pixels/s, load {os.getloadavg()[0]:.1f}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it is ended, it leaves nothing behind
    found = asyncio.run(crashes(wanted.rounds, wanted.seed, wanted.rate, embedded=wanted.sqlite))
    told(found)
    return 0 if found.clean else 1


if __name__ == "__main__":
    sys.exit(main())
