using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training.Checks;

/// <summary>
/// Two training steps on copies of the networks, through the trainer's own <see cref="TrainStep"/> with its own optimisers, each held
/// against a
/// <see cref="ReferenceStep"/> of the same weights and batch and against <see cref="ReferenceAdamW"/>. Whatever is wrong in a term, its
/// weight, its sign or operands, in a target, a gradient or an update shows as a number here, before the first step of the run. Dropout is
/// off in both, and both are in float64, where rounding hides nothing; no weight, buffer or
/// optimiser of the run is touched.
/// </summary>
/// <remarks>The second step is there for what the first cannot show: gradients that are not cleared, and an optimiser's state.</remarks>
/// <param name="networks">The run's networks, which are copied.</param>
/// <param name="config">The run's knobs.</param>
/// <param name="tested">The run's kernels.</param>
/// <param name="faults">Below the record, as in the run.</param>
internal sealed class StepRehearsal(Networks networks, RunConfig config, TestedKernels tested, FaultPoints faults)
{
    /// <summary>Names of the checks, in order.</summary>
    internal static class Names
    {
        public const string Ri = "step/ri",
            Magnitude = "step/magnitude",
            Time = "step/time",
            Gan = "step/gan",
            Total = "step/total";
        public const string DiscriminatorLoss = "step/discriminator-loss",
            OfEstimate = "step/d-of-estimate",
            OfClean = "step/d-of-clean";
        public const string Pesq = "step/pesq",
            Targets = "step/targets",
            Taught = "step/taught";
        public const string GeneratorGradient = "step/generator-gradient",
            DiscriminatorGradient = "step/discriminator-gradient";
        public const string Buffers = "step/generator-buffers";
        public const string Held = "step/optimiser-tensors";
        public const string GeneratorUpdate = "step/generator-update",
            DiscriminatorUpdate = "step/discriminator-update";
    }

    // Relative distances in float64; StepRehearsalTests prints what sound steps have on every policy (largest: 1e-15 of a loss, 1e-11 of a
    // gradient, 6e-14 of an update). The limits are far above rounding and far below any fault.
    private const double OfLoss = 1e-8;
    private const double OfJudgement = 1e-8;
    private const double OfGradient = 1e-5;
    private const double OfUpdate = 1e-6;
    private const double OfBuffers = 1e-8;
    private const double OfPesq = 5e-3; // of the median sample: PESQ reads float32, and one may sit on an edge of its time alignment
    private const double OfTarget = 5e-3 / EpochSummary.PesqRange;

    // Two samples of a second, float64: what is checked are formulas, which have no size, and the memory stays below that of a step of the
    // run.
    private const int MostSamples = 2;
    private const int LongestCut = RunConfig.SampleRate;

    /// <summary>Takes the steps and compares.</summary>
    /// <param name="batches">One a step.</param>
    public IReadOnlyList<ReconstructionCheck> Run(IReadOnlyList<Batch> batches)
    {
        var silent = config with
        {
            Train = config.Train with { Precision = Precision.Float64 },
            Model = config.Model with { Dropout = 0 },
            Discriminator = config.Discriminator with { Dropout = 0 },
        };
        using Networks trained = new(silent, tested),
            own = new(silent, tested);
        Copy(networks, trained);
        trained.Train(true);
        own.Train(true);
        var step = new TrainStep(trained, silent, null, faults);
        var reference = new ReferenceStep(own, silent);
        var generator = new ReferenceAdamW(config.Optimizer, config.Optimizer.GeneratorLearningRate);
        var discriminator = new ReferenceAdamW(config.Optimizer, config.Optimizer.DiscriminatorLearningRate);
        var found = new Comparisons();
        found.Value(
            Names.Held,
            Foreign(trained.GeneratorOptimizer, trained.Generator)
                + (trained.DiscriminatorOptimizer is { } teacher ? Foreign(teacher, trained.Discriminator!) : 0),
            0,
            0
        );
        for (var i = 0; i < batches.Count; i++)
        {
            var batch = Part(batches[i]);
            Copy(trained, own);
            double[] generatorBefore = Parameters(trained.Generator),
                discriminatorBefore = trained.Discriminator is { } d ? Parameters(d) : [];
            StepTelemetry taken;
            try
            {
                taken = step.Run(batch, 1, i + 1);
            }
            catch (NonFiniteException e)
            {
                return found.Unavailable(e.Message);
            }
            // What the discriminator is taught is compared by itself: a wrong target must not look like a wrong loss.
            var expected = reference.Take(batch, taken.Samples?.Select(s => s.Target).ToArray());
            Losses(found, expected, taken);
            // Both made one pass over one batch: running means and variances are the same.
            found.Distance(Names.Buffers, Buffers(trained.Generator), Buffers(own.Generator), OfBuffers);
            Compare(
                found,
                Names.GeneratorGradient,
                Names.GeneratorUpdate,
                trained.Generator,
                expected.GeneratorGradient,
                generatorBefore,
                generator,
                config.Optimizer.GradientClip
            );
            if (trained.Discriminator is { } network && taken.DiscriminatorStepped is true && expected.DiscriminatorGradient.Length > 0)
                Compare(
                    found,
                    Names.DiscriminatorGradient,
                    Names.DiscriminatorUpdate,
                    network,
                    expected.DiscriminatorGradient,
                    discriminatorBefore,
                    discriminator,
                    0
                );
        }
        return found.Checks;
    }

    // Tensors that an optimiser holds and its network has not, the other way round, and those of the network that get no gradient.
    private static int Foreign(AdamW optimizer, nn.Module network)
    {
        HashSet<IntPtr> held = [.. optimizer.parameters().Select(p => p.Handle)],
            own = [.. network.parameters().Select(p => p.Handle)];
        held.SymmetricExceptWith(own);
        return held.Count + network.parameters().Count(p => !p.requires_grad);
    }

    private static Batch Part(Batch batch)
    {
        int size = Math.Min(MostSamples, batch.BatchSize),
            samples = Math.Min(LongestCut, batch.Samples);
        float[] Side(float[] whole) =>
            [.. Enumerable.Range(0, size).SelectMany(i => whole[(i * batch.Samples)..((i * batch.Samples) + samples)])];
        return batch with
        {
            Clean = Side(batch.Clean),
            Noisy = Side(batch.Noisy),
            BatchSize = size,
            Samples = samples,
            Names = [.. batch.Names.Take(size)],
            Starts = [.. batch.Starts.Take(size)],
            MixedIn = [.. batch.MixedIn.Take(size)],
            SilentClean = [.. batch.SilentClean.Take(size)],
            SilentNoisy = [.. batch.SilentNoisy.Take(size)],
        };
    }

    private static void Losses(Comparisons found, ReferenceStep.Outcome expected, StepTelemetry taken)
    {
        found.Value(Names.Ri, taken.Loss.Ri, expected.Ri, OfLoss);
        found.Value(Names.Magnitude, taken.Loss.Magnitude, expected.Magnitude, OfLoss);
        found.Value(Names.Time, taken.Loss.Time, expected.Time, OfLoss);
        if (expected.Gan is { } gan)
            found.Value(Names.Gan, taken.Loss.Gan, gan, OfLoss);
        found.Value(Names.Total, taken.Loss.Total, expected.Total, OfLoss);
        var samples = taken.Samples ?? [];
        found.Median(Names.Pesq, samples.Zip(expected.Pesq, (s, e) => (s.Pesq, e)), OfPesq);
        if (expected.Gan is not null)
            found.Value(Names.Taught, taken.DiscriminatorStepped is true ? 1 : 0, expected.DiscriminatorLoss is null ? 0 : 1, 0);
        if (expected.DiscriminatorLoss is not { } loss)
            return;
        found.Median(Names.Targets, samples.Zip(expected.Targets, (s, e) => (s.Target, e)), OfTarget);
        found.Largest(Names.OfEstimate, samples.Zip(expected.OfEstimate, (s, e) => (s.Discriminator, (double?)e)), OfJudgement);
        found.Largest(Names.OfClean, samples.Zip(expected.OfClean, (s, e) => (s.DiscriminatorOfClean, (double?)e)), OfJudgement);
        found.Value(Names.DiscriminatorLoss, taken.DiscriminatorLoss, loss, OfLoss);
    }

    private static void Compare(
        Comparisons found,
        string ofGradient,
        string ofUpdate,
        nn.Module network,
        double[] gradient,
        double[] before,
        ReferenceAdamW optimizer,
        double clip
    )
    {
        // As the step left it: what the optimiser was given.
        var given = ReferenceStep.Flat(network.parameters().Select(p => (p.grad, p.NumberOfElements)));
        var norm = Norm(gradient);
        if (clip > 0 && norm > clip)
            gradient = [.. gradient.Select(g => g * clip / (norm + 1e-6))];
        found.Distance(ofGradient, given, gradient, OfGradient);
        double[] after = Parameters(network),
            change = optimizer.Change(before, given);
        found.Distance(ofUpdate, [.. after.Zip(before, (a, b) => a - b)], change, OfUpdate);
    }

    private static double[] Parameters(nn.Module network) =>
        ReferenceStep.Flat(network.parameters().Select(p => ((Tensor?)p, p.NumberOfElements)));

    private static double[] Buffers(nn.Module network) =>
        ReferenceStep.Flat(network.buffers().Where(b => b.is_floating_point()).Select(b => ((Tensor?)b, b.NumberOfElements)));

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    private static void Copy(Networks from, Networks to)
    {
        using var quiet = no_grad();
        Copy(from.Generator, to.Generator);
        if (from.Discriminator is { } discriminator)
            Copy(discriminator, to.Discriminator!);
    }

    private static void Copy(nn.Module from, nn.Module to)
    {
        using var scope = NewDisposeScope();
        var source = from.state_dict();
        foreach (var (name, target) in to.state_dict())
            target.copy_(source[name]);
    }
}
