using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Models;
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
        long[] shape = [batch.BatchSize, batch.Samples];
        Task<(BatchScore Scores, double Seconds)>? scoring = null;
        buckets?.Begin();
        var pass = group.Pass(() =>
            generator.Run(
                ToTensor(batch.Clean, shape),
                ToTensor(batch.Noisy, shape),
                networks.Discriminator is null ? null : (clean, estimate) => scoring = BeginScoring(clean, estimate)
            )
        );
        var own = buckets?.Finish() ?? exchange.Average(networks.Generator.parameters());
        var scored = scoring?.GetAwaiter().GetResult();
        var forward = clock.Elapsed.TotalSeconds - pass.BackwardSeconds;
        var parameters = GradientNorm(networks.Generator);
        var (loss, norms, problem) = exchange.Generator(
            pass.Loss,
            pass.Norms with
            {
                Generator = parameters,
            },
            WhyNotFinite("generator", pass.Loss.Total, parameters, Describe(pass.Loss), batch, epoch, step),
            own
        );
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
        telemetry = networks.Discriminator is null
            ? WithoutDiscriminator(telemetry, exchange.Names(batch.Names))
            : TeachDiscriminator(telemetry, batch, pass, scored!.Value, clock);

        // Both gradients are known and finite: now the weights move. The estimate that was scored is the one from before.
        if (config.Optimizer.GradientClip > 0)
            nn.utils.clip_grad_norm_(networks.Generator.parameters(), config.Optimizer.GradientClip);
        networks.GeneratorOptimizer.step();
        if (telemetry.DiscriminatorStepped is true)
            networks.DiscriminatorOptimizer!.step();
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

    /// <summary>The samples with where their cuts begin and, in some steps, what was loaded: all ranks' where there are several.</summary>
    private IReadOnlyList<SampleScore> WithInputs(IReadOnlyList<SampleScore> samples, Batch batch, long step)
    {
        var measured = InputMeasures.Wanted(step) ? InputMeasures.Of(batch) : null;
        var all = exchange.Inputs([.. batch.Starts.Select((start, i) => new StepExchange.LoadedSample(start, measured?[i]))]);
        return [.. samples.Select((s, i) => s with { Start = all[i].Start, Input = all[i].Input })];
    }

    /// <summary>What a step's dropout is drawn from. Ranks must not share masks; rank 0 has those of a process alone.</summary>
    internal static long DropoutSeed(long seed, int epoch, long step, int rank) =>
        (long)(CounterRandom.Bits(seed, CounterRandom.Stream(rank == 0 ? "dropout" : $"dropout of rank {rank}"), epoch, step) >> 1);

    private static StepTelemetry WithoutDiscriminator(StepTelemetry telemetry, IEnumerable<string> names)
    {
        const string none = "the GAN term's weight is 0: no discriminator, nothing scored";
        return telemetry with
        {
            Samples = [.. names.Select(n => new SampleScore { Name = n })],
            Unavailable = Absent(("discriminatorLoss", none), ("scores", none)),
        };
    }

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
        var (names, scores, first) = exchange.Scores(batch.Names, scored.Scores);
        var targets = faults.Targets(MetricTargets.For(scores, config.Metric.OnFailure));
        double[]? said = null,
            ofClean = null;
        if (faults.Steps(targets))
        {
            var mine = targets.Targets.Skip(first).Take(batch.BatchSize).ToList();
            var (loss, ours, clean) = discriminator.Run(
                pass.CleanMagnitude,
                pass.Magnitude,
                [.. mine.Select(t => t ?? 0)],
                [.. mine.Select(t => t is not null)],
                exchange.Alone && targets.Steps ? null : new WholeBatch(Math.Max(1, targets.Used), targets.Count)
            ); // a fault may step on nothing
            var own = exchange.Sum(networks.Discriminator!.parameters());
            var norm = GradientNorm(networks.Discriminator!);
            (loss, said, ofClean, var problem) = exchange.Discriminator(
                loss,
                ours,
                clean,
                WhyNotFinite("discriminator", loss, norm, $"discriminator loss {loss}", batch, telemetry.Epoch, telemetry.Step),
                own
            );
            Require(problem, telemetry.Epoch, telemetry.Step);
            telemetry = telemetry with
            {
                DiscriminatorLoss = loss,
                DiscriminatorStepped = true,
                GradientNorm = telemetry.GradientNorm! with { Discriminator = norm },
            };
        }
        else
        {
            telemetry = telemetry with { Unavailable = Absent(("discriminatorLoss", WhyNotStepped(targets))) };
        }
        return telemetry with
        {
            Scored = targets.Scored,
            Masked = targets.MaskedByReason.ToDictionary(m => m.Key.ToName(), m => m.Value),
            Samples =
            [
                .. names.Select(
                    (name, i) => Sample(name, scores.Results[i], said?[i], ofClean?[i], targets.Steps ? targets.Targets[i] : null)
                ),
            ],
            Seconds = telemetry.Seconds! with { Pesq = scored.Seconds, Discriminator = clock.Elapsed.TotalSeconds - before },
        };
    }

    private Tensor ToTensor(float[] samples, long[] shape) => tensor(samples, shape, dtype: networks.Type, device: networks.Device);

    /// <summary>Scores the estimate on other threads, while the generator's backward pass runs on this one.</summary>
    /// <param name="clean">`[batch, samples]`.</param>
    /// <param name="estimate">`[batch, samples]`, whole hops.</param>
    internal Task<(BatchScore Scores, double Seconds)> BeginScoring(Tensor clean, Tensor estimate)
    {
        using var scope = NewDisposeScope();
        var length = (int)estimate.shape[^1]; // whole hops
        float[] reference = ToArray(clean.narrow(-1, 0, length)),
            degraded = ToArray(estimate);
        var pairs = new (ReadOnlyMemory<float>, ReadOnlyMemory<float>)[estimate.shape[0]];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (reference.AsMemory(i * length, length), degraded.AsMemory(i * length, length));
        return Task.Run(() =>
        {
            var clock = Stopwatch.StartNew();
            return (BatchPesq.Score(pairs, Spectrum.SampleRate, PesqMode.WideBand, config.Metric.Workers), clock.Elapsed.TotalSeconds);
        });
    }

    private static float[] ToArray(Tensor signal) => signal.to(float32).cpu().contiguous().data<float>().ToArray();

    private static SampleScore Sample(string name, MetricResult score, double? said, double? ofClean, double? target) =>
        new()
        {
            Name = name,
            Pesq = score.TryGet(out var pesq) ? pesq : null,
            Masked = score.TryGetReason(out var reason) ? reason.Value.ToName() : null,
            Discriminator = said,
            DiscriminatorOfClean = ofClean,
            Target = target,
        };

    private static double GradientNorm(nn.Module module)
    {
        using var scope = NewDisposeScope();
        var norms = module.parameters().Select(p => p.grad).OfType<Tensor>().Select(g => linalg.vector_norm(g, 2)).ToArray();
        return norms.Length == 0 ? 0 : linalg.vector_norm(stack(norms), 2).ToDouble();
    }

    private static string WhyNotStepped(BatchTargets targets)
    {
        var reasons = string.Join(", ", targets.MaskedByReason.Select(m => $"{m.Key.ToName()} x{m.Value}"));
        return targets.Scored == 0
            ? $"no sample of the batch could be scored: {reasons}"
            : $"metric.onFailure dropped the batch, {targets.Scored} of {targets.Count} samples scored: {reasons}";
    }

    private static string? WhyNotFinite(string network, double? loss, double? norm, string terms, Batch batch, int epoch, long step) =>
        double.IsFinite(loss ?? 0) && double.IsFinite(norm ?? 0)
            ? null
            : $"The {network}'s {(double.IsFinite(loss ?? 0) ? "gradient" : "loss")} is not finite in step {step} (epoch {epoch}): "
                + $"{terms}, gradient norm {norm}. "
                + $"The batch was {string.Join(", ", batch.Names.Zip(batch.Starts, (n, s) => $"{n} from sample {s}"))}. "
                + "The step was not taken. Lower the learning rate, or set optimizer.gradientClip; resuming repeats this step.";

    private static void Require(string? problem, int epoch, long step)
    {
        if (problem is not null)
            throw new NonFiniteException(problem, epoch, step);
    }

    private static string Describe(LossTerms loss) => $"RI {loss.Ri}, magnitude {loss.Magnitude}, time {loss.Time}, GAN {loss.Gan}";

    private static Dictionary<string, string> Absent(params (string Name, string Reason)[] entries) =>
        entries.ToDictionary(e => e.Name, e => e.Reason);
}
