#!/usr/bin/env python3
"""Run both sides of the benchmark in turn and print one table; started by Scripts/benchmark.

Ours is `weightspace-bench WORK --threads N --repeats R`, theirs is benchmark_peers.py. Each side warms up, then times R
repeats. For each work the two run one after the other, so that a slow spell of the machine falls on both. The file of
--json holds the machine, its limits and every repeat; --compare sets a run beside such a file.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CACHE = 24e6  # a working set under this many bytes is held to the cache's rate, a larger one to the memory's
MLP, CNN = 26_506, 2_464  # parameters of W3's and W6's networks


# What both sides are told to use of the processor, whatever more it has.
KERNEL_SETS = {
    "avx2": {"WEIGHTSPACE_KERNELS": "avx2", "OPENBLAS_CORETYPE": "Haswell", "ATEN_CPU_CAPABILITY": "avx2",
             "DNNL_MAX_CPU_ISA": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"},
    "best": {},
}


def flow_size(d, h, time=64):
    """The parameters of a velocity net with hidden layers h, h/2, h: linear layers with bias, LayerNorms but the last."""
    widths = [(1, time), (time, time), (d + time, h), (h, h // 2), (h // 2, h), (h, d)]
    return sum((i + 1) * o for i, o in widths) + 2 * (h + h // 2 + h)


FLOW, SMALL_FLOW = flow_size(26506, 512), flow_size(99, 1024)

FAILED = []  # commands that did not end well, as sentences

# What a work is, its target ratio to each of PyTorch's forms ("" is the best of them), and its floor: the
# floating-point operations of the plain method and the bytes it has to move once. An AdamW or Adam step reads weight
# and both moments and writes them back (six words a parameter); the forward pass reads the weights once more.
WORKS = {
    "W1": ("flow training step, D = 26,506, h = 512, batch 8", {"": 3}, 6 * 8 * FLOW, 7 * 4 * FLOW),
    "W2": ("flow training step, D = 99, h = 1024, batch 8", {"": 4}, 6 * 8 * SMALL_FLOW, 7 * 4 * SMALL_FLOW),
    "W3": ("zoo training, 100 MLPs 784-32-32-10, batch 64, a network and step", {"eager, one network": 12, "one batched model": 2},
           64 * 2 * (2 * MLP + 1344), 4 * (7 * MLP + 2 * 64 * 784)),
    "W4": ("100 MLPs on 10,000 inputs", {"": 1.6}, 2 * 1e4 * 100 * MLP, 4 * 784e4),
    "W5": ("RK4, 100 intervals, 100 samples, D = 26,506, h = 512", {"plain": 25}, 400 * 2 * 100 * FLOW, 400 * 4 * FLOW),
    "W6": ("training step of 50 CNNs, batch 64", {"": 3}, 50 * 64 * 932e3, 4 * 7 * 50 * CNN),
    "W7": ("transformer block, 64 tokens, width 256, batch 32, both ways", {"": 1}, 10.1e9, 4 * 3 * 789_760),
    "W8": ("Hessian-vector product, 100 MLPs, batch 64", {"": 2}, 100 * 64 * 2 * 3 * MLP, 4 * 100 * (3 * MLP + 64 * 784)),
    "W9": ("DeepWeightFlow's MNIST row, end to end", {"": 4}, None, None),
    "W10": ("neuron transformer's training step, 64-16-10, width 128, 4 layers, batch 128", {"": 1.6}, 11.0e9, None),
    "W10-deep": ("the same for 784-32-32-10, batch 32", {"": 1.6}, 12.4e9, None),
    "W11": ("judging 20 CNNs beside 60 on 20,000 inputs", {}, 80 * 20_000 * 387_568, None),
    "W11-small": ("judging 200 networks 64-16-10 beside 300 on 720 inputs", {}, None, None),
    "W11-many": ("judging 200 networks 64-16-10 beside 5,100 on 720 inputs", {}, None, None),
    "LA": ("weight matching of a 784-512-512-10 pair, a sweep", {"": 4}, None, None),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", default=[w for w in WORKS if w != "W9"])
    parser.add_argument("--bench", default="weightspace-bench", help="our side's executable")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--data", default=os.environ.get("WEIGHTSPACE_DATA", "data"))
    parser.add_argument("--compile", action="store_true", help="also time torch.compile where there is a form for it")
    parser.add_argument("--kernels", choices=KERNEL_SETS, default="best", help="the instructions both sides may use")
    parser.add_argument("--peers-only", action="store_true", help="leave our side out")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out, as for --compare")
    parser.add_argument("--compare", type=pathlib.Path, metavar="FILE", help="say what is slower than in this --json file")
    parser.add_argument("--json", type=pathlib.Path, help="write every measurement here too")
    options = parser.parse_args()
    if unknown := [w for w in options.works if w not in WORKS]:
        parser.error(f"no such work: {', '.join(unknown)}; there are {', '.join(WORKS)}")
    if options.peers_only and options.ours_only:
        parser.error("--peers-only and --ours-only leave nothing")
    if options.compare and not options.compare.is_file():
        parser.error(f"--compare {options.compare}: no such file")
    if options.threads < 1 or options.repeats < 1:
        parser.error("--threads and --repeats are 1 or more")
    return options


def lines_of(command):
    """The JSON lines that a command prints. A failure is said, and leaves its lines out: what else was measured counts."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        FAILED.append(f"{' '.join(map(str, command))} ended with status {done.returncode}")
        print(f"benchmark: {FAILED[-1]}", file=sys.stderr, flush=True)
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def repeats_of(options, work):
    """Works of many seconds are not repeated as often."""
    return min(options.repeats, {"W9": 1, "W11": 3}.get(work, options.repeats))


def run_peer(options, work):
    repeats = repeats_of(options, work)
    found = []
    # OpenBLAS' threads can cost more than they give on LA's small products: one thread is a form of its own there.
    for threads in sorted({options.threads, 1} if work == "LA" else {options.threads}):
        command = [sys.executable, HERE / "benchmark_peers.py", work, "--threads", threads, "--repeats", repeats, "--data", options.data]
        found += lines_of(command + ["--compile"] * options.compile)
    return found


def run_ours(options, work):
    repeats = repeats_of(options, work)
    command = [options.bench, work, "--threads", options.threads, "--repeats", repeats]
    return lines_of(command + ["--data", options.data] * (work == "W9"))


def readable(seconds):
    """A time to three digits in the unit that suits it."""
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1 or unit == "µs":
            return f"{seconds * scale:.3g} {unit}" if seconds * scale < 1000 else f"{seconds * scale:.0f} {unit}"


def median(row):
    return statistics.median(row["seconds"])


def spread(row):
    """Half the range of the repeats as a share of their median."""
    return (max(row["seconds"]) - min(row["seconds"])) / 2 / median(row)


def floor(work, limits):
    """The least time that the plain method needs at the measured rates, and which of them binds."""
    _, _, flops, size = WORKS[work]
    if flops is None:
        return None
    inside = (size or 0) <= CACHE
    moving = (size or 0) / limits["cache_bytes" if inside else "memory_bytes"]
    computing = flops / limits["gemm_flops"]
    return (moving, "cache" if inside else "memory") if moving > computing else (computing, "products")


def table_rows(work, peers, ours, limits):
    """One line of the table for each of the peers' forms; the best form is marked."""
    title, targets, *_ = WORKS[work]
    if not peers and not ours:
        return
    if not peers:
        mine, least = median(ours[0]), floor(work, limits)
        share = f"{least[0] / mine:.0%} of {least[1]}" if least else "-"
        yield [work, title, "not run", "-", f"{readable(mine)} ± {spread(ours[0]):.0%}", "-", "-", share]
        return
    best = min(map(median, peers))
    for row in sorted(peers, key=median):
        is_best = median(row) == best
        target = targets.get(row["form"], targets.get("") if is_best else None)
        cells = [work, title, row["form"], f"{readable(median(row))} ± {spread(row):.0%}"]
        if ours:
            mine = median(ours[0])
            least = floor(work, limits)
            share = f"{least[0] / mine:.0%} of {least[1]}, all of it: {median(row) / least[0]:.2g}" if least else "-"
            cells += [f"{readable(mine)} ± {spread(ours[0]):.0%}", f"{median(row) / mine:.2f}", share]
        else:
            cells += ["-", "-", "-"]
        yield cells[:6] + [f">= {target:g}" if target else "-"] + cells[6:]


def print_table(rows):
    head = ["work", "what", "peer's form", "peer", "WeightSpace", "ratio", "target", "share of the limit, and the ratio at all of it"]
    for cells in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(cells) + " |")


def machine(options):
    """What the numbers were measured on."""
    model = platform.processor() or platform.machine()
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        facts = dict(map(str.strip, line.split(":", 1)) for line in reversed(lines) if ":" in line)
        model = f"{facts['model name']} (family {facts['cpu family']}, model {facts['model']})"
    except (OSError, KeyError):
        pass
    return {"work": "machine", "processor": model, "cores": os.cpu_count(), "threads": options.threads,
            "allowed": options.kernels, "date": datetime.date.today().isoformat()}


def read_measured(path):
    """The rows of an earlier run's --json file."""
    try:
        return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    except ValueError as error:
        sys.exit(f"benchmark: {path}: expected one JSON object a line, as --json writes them: {error}")


def print_comparison(path, measured):
    """What became slower or faster than in an earlier run, by more than both runs' own spread and 5 %."""
    def ours(rows):
        return {row["work"]: row for row in rows if row.get("side") == "weightspace"}

    former_rows = read_measured(path)
    former, now = ours(former_rows), ours(measured)
    facts = [next((row for row in rows if row["work"] == "machine"), {}) for rows in (former_rows, measured)]
    if any(facts[0].get(key) != facts[1].get(key) for key in ("processor", "threads", "allowed")):
        print(f"\nThe earlier run was on another machine or setting: {facts[0] or 'it does not say which'}.")
    slower = []
    print(f"\nBeside {path.name}{' of ' + facts[0]['date'] if 'date' in facts[0] else ''}:\n")
    for work in (w for w in now if w in former):
        ratio = median(now[work]) / median(former[work])
        noise = max(0.05, spread(now[work]) + spread(former[work]))
        word = "slower" if ratio > 1 + noise else "faster" if ratio < 1 / (1 + noise) else "the same"
        slower += [work] * (word == "slower")
        print(f"- {work}: {readable(median(former[work]))} -> {readable(median(now[work]))}, {ratio:.2f} times: {word}")
    print(f"\nSlower: {', '.join(slower) or 'nothing'}.")
    return slower


def main():
    options = arguments()
    kernels = set()
    os.environ.update(KERNEL_SETS[options.kernels])
    say = lambda text: print(f"benchmark: {text}", file=sys.stderr, flush=True)  # noqa: E731
    load = os.getloadavg()[0]
    say(f"{options.threads} threads, {options.repeats} repeats; the load of the machine is {load:.1f}")
    if load > 0.5:
        say("other programs are running: both sides, and PyTorch with all cores most of all, will look slower than they are")
    limits = next(iter(run_peer(options, "limits")), None) or sys.exit("benchmark: the limits were not measured")
    facts = machine(options)
    measured, rows = [facts, limits], []
    for work in options.works:
        say(work)
        peers = [] if options.ours_only else run_peer(options, work)
        ours = [] if options.peers_only else run_ours(options, work)
        kernels |= {f"{row['kernels']} kernels, OpenBLAS for {row['blas']}" for row in ours}
        measured += [dict(row, side="peer") for row in peers] + [dict(row, side="weightspace") for row in ours]
        rows += table_rows(work, peers, ours, limits)
        if options.json:
            options.json.write_text("".join(json.dumps(row) + "\n" for row in measured))
    print(f"{facts['date']}, {facts['processor']}, {facts['cores']} cores, {options.threads} threads, medians of "
          f"{options.repeats} repeats ± half their range, "
          f"PyTorch {limits['torch']} ({limits['kernels']}){'; '.join([', WeightSpace', *sorted(kernels)][:1])}"
          f"{' ' + ', '.join(sorted(kernels)) if kernels else ' not run'}. Limits measured in this run: memory "
          f"{limits['memory_bytes'] / 1e9:.0f} GB/s, cache {limits['cache_bytes'] / 1e9:.0f} GB/s, "
          f"products {limits['gemm_flops'] / 1e9:.0f} GFLOP/s.\n")
    print_table(rows)
    if FAILED:
        print("\nNot measured:\n\n" + "\n".join(f"- {sentence}" for sentence in FAILED))
    if (options.compare and print_comparison(options.compare, measured)) or FAILED:
        sys.exit(1)


if __name__ == "__main__":
    main()
