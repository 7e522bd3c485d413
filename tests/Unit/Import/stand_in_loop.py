"""A stand-in for a PyTorch trainer, without torch: its "steps" give the numbers of a record (first argument), and it records them by tools/record.py.

    python3 stand_in_loop.py RECORD.json FOLDER PROCESSES
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "tools"))
sys.dont_write_bytecode = True
from record import Recorder  # noqa: E402


def share(step, rank, processes):
    """The part of a batch that one process trains on."""
    samples = step["samples"][rank::processes]
    return [{k: v for k, v in s.items() if k not in ("input",)} for s in samples]


def main():
    record = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    processes = int(sys.argv[3])
    for rank in range(processes):
        recorder = Recorder(sys.argv[2], rank=rank)
        if rank == 0:
            for e in (e for e in record["evaluations"] if e["epoch"] == 0):
                recorder.evaluation(0, e["name"], e["metrics"], cut=(e["cutStart"], e["cutLength"]), split=e["split"])
        for epoch in record["epochs"]:
            number = epoch["epoch"]
            for step in (s for s in record["steps"] if s["epoch"] == number):
                recorder.step(number, step["step"], step["loss"], disc_loss=step.get("discriminatorLoss"), stepped=step["discriminatorStepped"],
                              samples=share(step, rank, processes), grad=step["gradientNorm"], batch=step["batch"])
            if rank == 0:
                for e in (e for e in record["evaluations"] if e["epoch"] == number):
                    recorder.evaluation(number, e["name"], e["metrics"], cut=(e["cutStart"], e["cutLength"]), split=e["split"])
                recorder.epoch(number, lr=epoch["generatorLearningRate"], training_mode=epoch["validation"]["trainingMode"], planned=epoch["batchesPlanned"],
                               mean=epoch["validation"]["mean"], best_epoch=epoch.get("bestEpoch"), best_pesq=epoch.get("bestPesq"))


main()
