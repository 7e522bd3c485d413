using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// One training step: the generator's pass, beside its second half PESQ of its estimate, the discriminator's pass on what could be scored,
/// then both updates;
/// and the record of it.
/// </summary>
public sealed class TrainStep
{
    private readonly Networks networks;
    private readonly RunConfig config;
    private readonly GeneratorPass generator;
    private readonly DiscriminatorPass discriminator;
    private readonly IProcessGroup group;
    private readonly StepExchange exchange;
    private readonly GradientBuckets? buckets; // null: one process, or one sum after the backward pass
    private readonly FaultPoints faults;
    private readonly WeightMeter generatorWeights;
    private readonly WeightMeter? discriminatorWeights;

    /// <summary>Makes it for two networks.</summary>
    /// <param name="networks">This process's copy of them.</param>
    /// <param name="config">The run's knobs.</param>
    /// <param name="group">The processes that take the step together; null: this one alone.</param>
    public TrainStep(Networks networks, RunConfig config, IProcessGroup? group = null)
        : this(networks, config, group, FaultPoints.None) { }

    /// <summary>The same for faults, and for benchmarks.</summary>
    /// <param name="networks">This process's copy of them.</param>
    /// <param name="config">The run's knobs.</param>
    /// <param name="group">The processes that take the step together; null: this one alone.</param>
    /// <param name="faults">Faults to let in.</param>
    /// <param name="overlap">Whether the generator's gradients are summed while the backward pass goes on; else after it, to the same
    /// bits.</param>
    internal TrainStep(Networks networks, RunConfig config, IProcessGroup? group, FaultPoints faults, bool overlap = true)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(config);
        (this.networks, this.config, this.group, this.faults) = (networks, config, group ?? SoleProcess.Instance, faults);
        exchange = new StepExchange(this.group);
        if (config.Train.SyncBatchNorm && !exchange.Alone)
            networks.SynchroniseBatchNorm(this.group.SumWithGradient);
        buckets = exchange.Alone || !overlap ? null : new GradientBuckets(this.group, networks.Generator);
        generator = new GeneratorPass(networks, config.Loss, faults);
        discriminator = new DiscriminatorPass(networks, config.Metric);
        generatorWeights = new WeightMeter(networks.Generator.parameters(), networks.GeneratorOptimizer);
        discriminatorWeights = networks.Discriminator is { } d ? new WeightMeter(d.parameters(), networks.DiscriminatorOptimizer!) : null;
    }

    /// <summary>The step that this run, resumed, goes on from: what it left behind is compared with what was restored.</summary>
    /// <param name="last">Its record; null where there is none.</param>
    public void Continue(StepTelemetry? last)
    {
        generatorWeights.Continue(last?.GeneratorUpdate?.Digest);
        discriminatorWeights?.Continue(last?.DiscriminatorUpdate?.Digest);
    }

    /// <summary>Takes the step.</summary>
    /// <param name="batch">Cuts as loaded.</param>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="step">Step of the run, from 1.</param>
    /// <exception cref="NonFiniteException">A loss or gradient is not finite; no weight was changed by this step then.</exception>
    public StepTelemetry Run(Batch batch, int epoch, long step)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var clock = Stopwatch.StartNew();
        // Dropout draws from (seed, epoch, step, rank) alone: a resumed run needs no generator state.
        manual_seed(DropoutSeed(config.Seed, epoch, step, group.Rank));
        var before = group.Tally;
        generatorWeights.Begin();
        discriminatorWeights?.Begin();
        using var scope = NewDisposeScope();
        var (telemetry, pass, scored) = TeachGenerator(batch, epoch, step, clock);
        telemetry = scored is { } scores
            ? TeachDiscriminator(telemetry, batch, pass, scores, clock)
            : StepRecord.WithoutDiscriminator(telemetry, exchange.ShareNames(batch.Names));
        MoveWeights(telemetry.DiscriminatorStepped is true);
        faults.Stepped(networks, epoch, step);
        double? together = exchange.Alone ? null : group.Tally.Seconds - before.Seconds;
        return telemetry with
        {
            ReducedBytes = exchange.Alone ? null : group.Tally.ReducedBytes - before.ReducedBytes,
            Samples = WithInputs(telemetry.Samples!, batch, step),
            GeneratorUpdate = generatorWeights.End(stepped: true),
            DiscriminatorUpdate = discriminatorWeights?.End(telemetry.DiscriminatorStepped is true),
            Seconds = telemetry.Seconds! with { Total = clock.Elapsed.TotalSeconds, Collectives = together },
        };
    }

    /// <summary>Leaves the generator's gradient, of the whole batch where there are several ranks; meanwhile its estimate is
    /// scored.</summary>
    /// <returns>The step's record so far, the pass, and the scores; null without a discriminator.</returns>
    private (StepTelemetry Telemetry, GeneratorPass.Result Pass, (BatchScore Scores, double Seconds)? Scored) TeachGenerator(
        Batch batch,
        int epoch,
        long step,
        Stopwatch clock
    )
    {
        long[] shape = [batch.BatchSize, batch.Samples];
        Task<(BatchScore Scores, double Seconds)>? scoring = null;
        void Score(Tensor clean, Tensor estimate) => scoring = EstimateScoring.Begin(clean, estimate, config.Metric.Workers);
        buckets?.Begin();
        var pass = group.Pass(() =>
            generator.Run(ToTensor(batch.Clean, shape), ToTensor(batch.Noisy, shape), networks.Discriminator is null ? null : Score)
        );
        var own = SumGenerator();
        (BatchScore, double)? scored = scoring?.GetAwaiter().GetResult();
        var forward = clock.Elapsed.TotalSeconds - pass.BackwardSeconds;
        var norm = GradientNorm(networks.Generator);
        var problem = StepRecord.WhyNotFinite("generator", pass.Loss.Total, norm, StepRecord.Describe(pass.Loss), batch, epoch, step);
        (var loss, var norms, problem) = exchange.ShareGenerator(pass.Loss, pass.Norms with { Generator = norm }, problem, own);
        Require(problem, epoch, step);
        var telemetry = new StepTelemetry
        {
            Epoch = epoch,
            Step = step,
            Batch = (int)batch.IndexInEpoch,
            Loss = loss,
            GradientNorm = norms,
            SampleCount = batch.BatchSize * group.Size,
            DiscriminatorStepped = false,
            Seconds = new StepSeconds { Forward = forward, Backward = pass.BackwardSeconds },
        };
        return (telemetry, pass, scored);
    }

    /// <summary>Makes the generator's gradient that of all ranks.</summary>
    /// <returns>Whether this rank's own was finite.</returns>
    private bool SumGenerator()
    {
        if (buckets is not null)
            return buckets.Finish();
        var own = exchange.AreFinite(networks.Generator.parameters());
        exchange.Average(networks.Generator.parameters());
        return own;
    }

    // Both gradients are known and finite. The estimate that was scored is the one from before.
    private void MoveWeights(bool discriminatorToo)
    {
        if (config.Optimizer.GradientClip > 0)
            nn.utils.clip_grad_norm_(networks.Generator.parameters(), config.Optimizer.GradientClip);
        networks.GeneratorOptimizer.step();
        if (discriminatorToo)
            networks.DiscriminatorOptimizer!.step();
    }

    /// <summary>The samples with where their cuts begin and, in some steps, what was loaded: all ranks' where there are several.</summary>
    private IReadOnlyList<SampleScore> WithInputs(IReadOnlyList<SampleScore> samples, Batch batch, long step)
    {
        var measured = InputMeasures.Wanted(step) ? InputMeasures.Of(batch) : null;
        var all = exchange.ShareInputs([.. batch.Starts.Select((start, i) => new StepExchange.LoadedSample(start, measured?[i]))]);
        return [.. samples.Select((s, i) => s with { Start = all[i].Start, Input = all[i].Input })];
    }

    /// <summary>What a step's dropout is drawn from. Ranks must not share masks; rank 0 has those of a process alone.</summary>
    internal static long DropoutSeed(long seed, int epoch, long step, int rank) =>
        (long)(CounterRandom.Bits(seed, CounterRandom.Stream(rank == 0 ? "dropout" : $"dropout of rank {rank}"), epoch, step) >> 1);

    /// <summary>Scores the estimate and leaves the discriminator's gradient, if a sample can be used; the record says which.</summary>
    private StepTelemetry TeachDiscriminator(
        StepTelemetry telemetry,
        Batch batch,
        GeneratorPass.Result pass,
        (BatchScore Scores, double Seconds) scored,
        Stopwatch clock
    )
    {
        var before = clock.Elapsed.TotalSeconds;
        // The policy sees the scores of all ranks: whether the discriminator steps is one decision, of all.
        var (names, scores, first) = exchange.ShareScores(batch.Names, scored.Scores);
        var targets = faults.Targets(MetricTargets.For(scores, config.Metric.OnFailure));
        double[]? said = null,
            ofClean = null;
        if (faults.Steps(targets))
            (telemetry, said, ofClean) = StepDiscriminator(telemetry, batch, pass, targets, first);
        else
            telemetry = telemetry with { Unavailable = StepRecord.Absent(("discriminatorLoss", StepRecord.WhyNotStepped(targets))) };
        IReadOnlyList<double?>? used = targets.Steps ? targets.Targets : null;
        return telemetry with
        {
            Scored = targets.Scored,
            Masked = targets.MaskedByReason.ToDictionary(m => m.Key.ToName(), m => m.Value),
            Samples = [.. names.Select((name, i) => StepRecord.OfSample(name, scores.Results[i], said?[i], ofClean?[i], used?[i]))],
            Seconds = telemetry.Seconds! with { Pesq = scored.Seconds, Discriminator = clock.Elapsed.TotalSeconds - before },
        };
    }

    /// <summary>Leaves the discriminator's gradient, of the whole batch where there are several ranks.</summary>
    /// <param name="telemetry">The step's record so far.</param>
    /// <param name="batch">This rank's batch.</param>
    /// <param name="pass">The generator's pass.</param>
    /// <param name="targets">Of the whole batch.</param>
    /// <param name="first">Where this rank's samples begin in it.</param>
    /// <returns>The record, and what the discriminator said of all estimates and of all clean signals.</returns>
    private (StepTelemetry Telemetry, double[] Said, double[] OfClean) StepDiscriminator(
        StepTelemetry telemetry,
        Batch batch,
        GeneratorPass.Result pass,
        BatchTargets targets,
        int first
    )
    {
        var mine = targets.Targets.Skip(first).Take(batch.BatchSize).ToList();
        var (loss, said, ofClean) = discriminator.Run(
            pass.CleanMagnitude,
            pass.Magnitude,
            [.. mine.Select(t => t ?? 0)],
            [.. mine.Select(t => t is not null)],
            // A fault may step on nothing.
            exchange.Alone && targets.Steps
                ? null
                : new WholeBatch(Math.Max(1, targets.Used), targets.Count)
        );
        var parameters = networks.Discriminator!.parameters().ToArray();
        var own = exchange.AreFinite(parameters);
        exchange.Sum(parameters);
        var norm = GradientNorm(networks.Discriminator!);
        var terms = $"discriminator loss {loss}";
        var problem = StepRecord.WhyNotFinite("discriminator", loss, norm, terms, batch, telemetry.Epoch, telemetry.Step);
        (loss, said, ofClean, problem) = exchange.ShareDiscriminator(loss, said, ofClean, problem, own);
        Require(problem, telemetry.Epoch, telemetry.Step);
        return (
            telemetry with
            {
                DiscriminatorLoss = loss,
                DiscriminatorStepped = true,
                GradientNorm = telemetry.GradientNorm! with { Discriminator = norm },
            },
            said,
            ofClean
        );
    }

    private Tensor ToTensor(float[] samples, long[] shape) => tensor(samples, shape, dtype: networks.Type, device: networks.Device);

    private static double GradientNorm(nn.Module module)
    {
        using var scope = NewDisposeScope();
        var norms = module.parameters().Select(p => p.grad).OfType<Tensor>().Select(g => linalg.vector_norm(g, 2)).ToArray();
        return norms.Length == 0 ? 0 : linalg.vector_norm(stack(norms), 2).ToDouble();
    }

    private static void Require(string? problem, int epoch, long step)
    {
        if (problem is not null)
            throw new NonFiniteException(problem, epoch, step);
    }
}
