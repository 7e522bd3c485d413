using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>
/// What to measure next where another trainer's record leaves causes open. The order is the mission's: whether the discriminator trains
/// comes before the weight of its term, and whether epochs' scores can be compared before anything that is read off their change.
/// </summary>
public static class NextMeasurements
{
    private const string BatchTheory = "batch-dependence";

    private static readonly (string What, string[] Theories, string Meaning, string How)[] Table =
    [
        (
            "on which batches the discriminator was updated",
            ["discriminator-starved", "generator-silent", "discriminator-clean-pairs-only", "skipped-steps-counted"],
            "Below 70 % of the batches it is starved: the generator follows a judge that knows nothing of it.",
            "recorder.step(epoch, step, loss={\"total\": loss.item()}, disc_loss=None if pesq is None else disc_loss.item(), "
                + "stepped=pesq is not None)  (the public CMGAN trainer tells it with --log_interval 1: a disc_loss of 0 is a batch "
                + "without an update)"
        ),
        (
            "which cut of which file each epoch's PESQ is of",
            ["evaluation-not-comparable", "failed-scores-counted", "unstable-clips"],
            "Random cuts move the mean by themselves, and failures counted as -1 or 0 lower it.",
            "recorder.evaluation(epoch, name, {\"pesq_wb\": pesq}, cut=(start, length))  or score the kept checkpoints on the same "
                + "cuts: speechgan evaluate --checkpoint CMGAN_epoch_2.pt --data DIR"
        ),
        (
            "the gradient of each weighted loss term at the generator's output",
            ["loss-balance", "gradients-unstable"],
            "A GAN term below 0.3 % of the gradient is drowned, one above 99 % pulls alone; a loss's value says neither.",
            "recorder.step(..., grad={\"gan\": torch.autograd.grad(w_gan * loss_gan, estimate, retain_graph=True)[0].norm().item(), ...})"
        ),
        (
            "the discriminator's output and target beside the PESQ of each sample",
            [
                "discriminator-constant",
                "discriminator-blind",
                "discriminator-targets",
                "discriminator-of-clean",
                "targets-above-one",
                "overfitting",
            ],
            "An output that is constant, or does not follow PESQ, teaches the generator nothing.",
            "recorder.step(..., samples=[{\"name\": n, \"pesq\": p, \"discriminator\": d, \"discriminatorOfClean\": c, \"target\": (p - "
                + "1) / 3.5} for ...])"
        ),
        (
            "the loss of every step, term by term",
            ["non-finite-values", "loss-jump", "loss-inconsistent"],
            "A loss that jumps or stops being finite has a step, and a batch.",
            "recorder.step(epoch, step, loss={\"ri\": ..., \"magnitude\": ..., \"time\": ..., \"gan\": ..., \"total\": ...})"
        ),
        (
            "whether the network was in evaluation mode while it was scored",
            ["evaluated-in-training-mode", "running-statistics"],
            "Dropout and batch statistics in force lower PESQ, by another amount for each batch size.",
            "recorder.epoch(epoch, training_mode=model.training)  (called where the scores are computed)"
        ),
        (
            "the noisy sides' scores, and those of each utterance",
            ["nothing-learned", "test-below-valid", "test-used-for-choosing"],
            "They tell what was gained, and whether the test chose the best epoch.",
            "recorder.evaluation(0, name, {\"noisy_pesq_wb\": pesq}, cut=(start, length))"
        ),
        (
            "the samples' names and places in each epoch",
            ["order-repeated", "batches-lost"],
            "One order for all epochs is a sampler that is not told the epoch; places that are missing are batches that failed in silence.",
            "recorder.step(..., batch=i, samples=[{\"name\": n} for n in names]) and recorder.epoch(..., planned=len(loader))"
        ),
        (
            "the corpus",
            ["data-faults", "recording-in-two-parts", "parts-differ", "loading-wrong"],
            "Pairs that are shifted, exchanged, silent or of two utterances teach what nobody wants.",
            "speechgan audit --data DIR"
        ),
        (
            "the identities of the losses: the clean signal given as the estimate",
            ["scale-fault", "front-end-fault", "label-leak", "loss-term-wrong", "scoring-wrong"],
            "Every reconstruction term must be 0 there; a time term that is not compares a normalised signal with one that is not.",
            "print(loss_ri(clean, clean), loss_magnitude(clean, clean), loss_time(clean, clean))  with the tensors that the training "
                + "loop uses"
        ),
        (
            "the same steps in this trainer, which checks its own gradients, updates and state",
            [
                "discriminator-loss-wrong",
                "gradient-wrong",
                "update-wrong",
                "weights-stand-still",
                "update-too-large",
                "learning-rate-not-applied",
                "state-lost-at-resume",
                "kernels-wrong",
            ],
            "What a log cannot tell of another trainer's arithmetic, a run of the same steps here tells beside it.",
            "speechgan train --data DIR --out RUN --preset upstream --init-generator generator.safetensors --epochs 1"
        ),
    ];

    /// <summary>Ids of all theories that a measurement is named for.</summary>
    internal static IEnumerable<string> Known => Table.SelectMany(t => t.Theories).Append(BatchTheory);

    /// <summary>What to measure next; null for a run of this program, which records all of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="findings">What was found of it.</param>
    public static IReadOnlyList<Measurement>? Of(RunRecord run, IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(findings);
        if (run.Info.Import is null)
            return null;

        var open = findings
            .Where(f => f.Outcome is FindingOutcome.NotMeasured or FindingOutcome.Inconclusive)
            .Select(f => f.Id)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Table
                .Select(t => t with { Theories = [.. t.Theories.Where(open.Contains)] })
                .Where(t => t.Theories.Length > 0)
                .Select(
                    (t, i) =>
                        new Measurement
                        {
                            Order = i + 1,
                            What = t.What,
                            Settles = t.Theories,
                            Meaning = t.Meaning,
                            How = t.How,
                        }
                ),
        ];
    }

    /// <summary>Suspicions that a test of the network settles; null where the record itself answers, and for a run of this
    /// program.</summary>
    public static IReadOnlyList<SettledByTest>? Settled(RunRecord run, IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Info.Import is null || findings.All(f => f.Id != BatchTheory || f.Outcome != FindingOutcome.NotMeasured)
            ? null
            :
            [
                new SettledByTest
                {
                    Claim = "The batch size breaks InstanceNorm.",
                    Answer =
                        "No cause: InstanceNorm takes its mean and variance from one sample and one channel, in training mode too, "
                        + "and in evaluation mode a sample's estimate is the same alone and in a batch (within 1e-10 in float64). "
                        + "What does look at the whole batch is the BatchNorm of the conformers' convolution modules, in training mode "
                        + "only. This holds for the published network; where yours has other layers, run the test on it.",
                    Test =
                        "tests/Unit/Models/LayerTests.cs: InstanceNorm_looks_at_one_sample_in_training_mode_too, "
                        + "The_discriminator_judges_each_sample_alone_and_the_generator_does_so_only_in_evaluation_mode",
                    Theory = BatchTheory,
                },
            ];
    }
}
