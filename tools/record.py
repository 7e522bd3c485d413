"""Records a training for `speechgan import`: copy this file beside your trainer. Standard library only.

    recorder = Recorder("record", rank=rank)               # a file a process
    recorder.step(epoch, step, loss={"total": 0.11}, ...)  # after every training step
    recorder.evaluation(epoch, name, {"pesq_wb": 2.6}, cut=(0, 64000))  # every utterance of every validation
    recorder.epoch(epoch, lr=5e-4)                         # after every epoch

Then: speechgan import record --out RUN; speechgan diagnose RUN. Epochs count from 1; epoch 0 is the noisy side before training, its metrics named
noisy_pesq_wb. What is not given stays absent, with a reason: nothing is ever written as 0 or -1 instead. docs/foreign-runs.md has the schema.
"""
import json
import math
import os

TERMS = ("total", "ri", "magnitude", "time", "gan")
NORMS = ("ri", "magnitude", "time", "gan", "generator", "discriminator")
SAMPLE = ("name", "pesq", "masked", "discriminator", "discriminatorOfClean", "target", "start")


class Recorder:
    """Appends whole lines: each is one write to a file opened for appending, so that it is there whole or not at all."""

    def __init__(self, folder, rank=0):
        os.makedirs(folder, exist_ok=True)
        self._paths = {what: os.path.join(folder, f"{what}.rank{rank}.jsonl") for what in ("steps", "evaluations", "epochs")}
        for path in self._paths.values():
            _mend(path)

    def step(self, epoch, step, loss, disc_loss=None, stepped=None, samples=None, grad=None, batch=None, batch_size=None):
        """One training step. `loss`: numbers by TERMS, not weighted but for total. `stepped`: whether the discriminator was updated (not given: known from
        disc_loss only where there is one). `samples`: a dict a sample, with name and pesq or masked (the reason it has no score), and where known the
        discriminator's outputs. `grad`: norms by NORMS. Numbers may be tensors of one element."""
        absent = {}
        if stepped is None and disc_loss is not None:
            stepped = True
        line = {"epoch": int(epoch), "step": int(step), "batch": batch, "loss": _numbers(loss, TERMS, "loss.", absent),
                "gradientNorm": _numbers(grad, NORMS, "gradientNorm.", absent) if grad else None, "discriminatorStepped": stepped,
                "discriminatorLoss": _number(disc_loss, "discriminatorLoss", absent) if stepped else None, "sampleCount": batch_size}
        if samples is not None:
            samples = [_sample(s) for s in samples]
            masked = [s["masked"] for s in samples if "masked" in s]
            scored = sum("pesq" in s for s in samples)
            line.update(samples=samples, sampleCount=batch_size or len(samples), scored=scored, masked={m: masked.count(m) for m in masked})
            if scored + len(masked) < line["sampleCount"]:
                absent["scores"] = "PESQ was not computed for every sample"
        self._write("steps", {**line, "unavailable": absent or None})

    def evaluation(self, epoch, name, metrics, cut=None, split="valid", reasons=None):
        """One utterance after an epoch. `metrics`: pesq_wb, si_sdr, ... by name; None has its reason in `reasons`. `cut`: first sample and length."""
        absent = dict(reasons or {})
        found = _numbers(metrics, metrics, "", absent)
        absent.update({m: "no reason was given" for m, v in metrics.items() if v is None and m not in absent})
        start, length = cut or (None, None)
        self._write("evaluations", {"epoch": int(epoch), "split": split, "name": str(name), "cutStart": start, "cutLength": length, "metrics": found, "unavailable": absent or None})

    def epoch(self, epoch, lr=None, disc_lr=None, mean=None, valid_loss=None, split="valid", training_mode=None, planned=None, best_epoch=None, best_pesq=None):
        """The end of an epoch. `mean`: the means that the trainer itself computes, by metric (not given: the mean of the utterances)."""
        self._write("epochs", {"epoch": int(epoch), "split": split, "mean": _numbers(mean, mean, "", {}) if mean else None, "validationLoss": _number(valid_loss, "", {}),
                               "trainingMode": training_mode, "generatorLearningRate": _number(lr, "", {}), "discriminatorLearningRate": _number(disc_lr, "", {}),
                               "batchesPlanned": planned, "bestEpoch": best_epoch, "bestPesq": _number(best_pesq, "", {})})

    def _write(self, what, line):
        text = json.dumps({k: v for k, v in line.items() if v is not None}, allow_nan=False) + "\n"
        file = os.open(self._paths[what], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            data = text.encode("utf-8")
            if os.write(file, data) != len(data):
                raise OSError(f"{self._paths[what]}: the disk took a part of a line only")
        finally:
            os.close(file)


def _mend(path):
    """Cuts off a last line that a crash left torn, so that the next one is not glued to it."""
    if os.path.exists(path):
        with open(path, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)


def _number(value, name, absent):
    if value is None:
        return None
    value = float(value)
    if math.isfinite(value):
        return value
    absent[name] = f"not finite: {value}"
    return None


def _numbers(values, known, prefix, absent):
    unknown = [k for k in values if k not in known]
    if unknown:
        raise ValueError(f"record.py knows {', '.join(known)}, not {unknown[0]}")
    return {k: n for k, n in ((k, _number(v, prefix + k, absent)) for k, v in values.items()) if n is not None}


def _sample(sample):
    unknown = [k for k in sample if k not in SAMPLE]
    if unknown or "name" not in sample:
        raise ValueError(f"a sample has {', '.join(SAMPLE)} (name always), not {unknown[0] if unknown else 'no name'}")
    kept = {k: str(v) if k in ("name", "masked") else int(v) if k == "start" else float(v) for k, v in sample.items() if v is not None}
    broken = [k for k, v in kept.items() if isinstance(v, float) and not math.isfinite(v)]
    if "pesq" in broken or "masked" in kept:
        kept.setdefault("masked", "not-finite")
        kept.pop("pesq", None)
    return {k: v for k, v in kept.items() if k not in broken}
