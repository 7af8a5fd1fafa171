#!/usr/bin/env python3
"""Readers beside a writer: latency of searches while an index is written, and whether each sees one commit.

usage: readers.py BINARY FOLDER [--readers N] [--articles N] [--seconds N] [--query WORDS] [--nice]

Half of the articles (text, one a file) are indexed. N readers search without pause for some seconds, each search in a
process of its own, and again while the other half is indexed, a part of the files changed, and the index rebuilt. Every
result must be the count of one of the commits. Prints medians and 99th percentiles of both and their ratio. Needs only
the standard library.
"""
import argparse, collections, os, shutil, subprocess, sys, tempfile, threading, time

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--query", default="oil prices")
    parser.add_argument("--nice", action="store_true")
    args = parser.parse_args()
    binary = os.path.abspath(args.binary)
    files = sorted(os.path.join(top, name) for top, _, names in os.walk(args.folder) for name in names)
    files = files[: 2 * args.articles]
    folder = tempfile.mkdtemp()
    news, index = os.path.join(folder, "news"), os.path.join(folder, "index")
    os.mkdir(news)

    def add(part):
        for number, file in part:
            shutil.copy(file, os.path.join(news, f"{number}.txt"))

    def write(*more):
        nice = ["--nice"] if args.nice else []
        done = subprocess.run([binary, "index", "-q", "--index", index, *nice, *more], capture_output=True)
        if done.returncode:
            sys.exit(done.stderr.decode())

    def count():
        asked = [binary, "search", "-q", "--index", index, "--count", args.query]
        done = subprocess.run(asked, capture_output=True)
        return done.returncode, done.stdout.decode().strip(), done.stderr.decode()

    def search(work):
        """Times and results of searches while `work` runs."""
        over, results = threading.Event(), []
        def read():
            while not over.is_set():
                started = time.perf_counter()
                answer = count()
                results.append((time.perf_counter() - started, answer))
        readers = [threading.Thread(target=read) for _ in range(args.readers)]
        for reader in readers:
            reader.start()
        work()
        over.set()
        for reader in readers:
            reader.join()
        return results

    try:
        numbered = list(enumerate(files))
        half = len(files) // 2
        add(numbered[:half])
        write(news)
        states = {count()[1]}
        idle = search(lambda: time.sleep(args.seconds))

        def work():
            add(numbered[half:])
            write()
            states.add(count()[1])
            for number in range(0, half, 10):
                with open(os.path.join(news, f"{number}.txt"), "a") as file:
                    file.write("\nOne more line of oil prices.\n")
            write()
            states.add(count()[1])
            write("--rebuild")
            states.add(count()[1])

        busy = search(work)
        errors = [answer for _, answer in idle + busy if answer[0] > 1]
        strange = collections.Counter(answer[1] for _, answer in busy if answer[1] not in states)
        print(f"{args.readers} readers, {half} articles indexed, {len(files) - half} added, {half // 10} changed, built anew")
        def line(name, results):
            times = sorted(1000 * took for took, _ in results)
            middle, high = times[len(times) // 2], times[int(len(times) * 0.99)]
            print(f"{name:5} {len(times):7} searches, median {middle:6.1f} ms, p99 {high:6.1f} ms, longest {times[-1]:6.1f} ms")
            return high
        ratio = line("idle", idle)
        ratio = line("busy", busy) / ratio
        print(f"p99 busy beside idle: {ratio:.2f}; {len(errors)} errors; {sum(strange.values())} answers of no state {dict(strange)}")
        for error in errors[:3]:
            print(error)
    finally:
        shutil.rmtree(folder)

main()
