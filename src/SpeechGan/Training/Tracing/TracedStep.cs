using SpeechGan.Comparison;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Models;

namespace SpeechGan.Training.Tracing;

/// <summary>
/// One step of a run, traced: the run's own batches and beginning weights, its steps taken by the trainer's own <see cref="TrainStep"/>
/// up to the traced one. Dropout is off, since its masks differ between kernels and devices and would hide what is looked for.
/// </summary>
internal sealed class TracedStep
{
    /// <summary>Changes the networks before the first step: planted differences.</summary>
    public Action<Networks>? Plant { get; init; }

    /// <summary>Changes the kernels: planted differences.</summary>
    public Func<INetworkKernels, INetworkKernels>? PlantKernels { get; init; }

    /// <summary>Traces it.</summary>
    /// <param name="label">What it is, in words.</param>
    /// <param name="config">Configuration.</param>
    /// <param name="corpus">Corpus.</param>
    /// <param name="step">Step of the run, from 1.</param>
    /// <param name="recorder">The recorder; off, and fresh.</param>
    /// <param name="stop">Asks for an end.</param>
    public StepTrace Run(
        string label,
        RunConfig config,
        PairedCorpus corpus,
        long step,
        TraceRecorder recorder,
        CancellationToken stop = default
    )
    {
        var still = Still(config);
        var kernels = Preflight.Check(still, corpus).Kernels;
        var batches = new BatchReader(corpus.Train, TrainingBatches.Options(still, SoleProcess.Instance), corpus.MixIn);
        var perEpoch =
            still.Train.StepsPerEpoch == 0 ? batches.BatchesPerEpoch : Math.Min(still.Train.StepsPerEpoch, batches.BatchesPerEpoch);
        return Run(
            label,
            still,
            kernels,
            at => ((int)((at - 1) / perEpoch) + 1, batches.Load(((at - 1) / perEpoch) + 1, (int)((at - 1) % perEpoch))),
            step,
            recorder,
            stop
        );
    }

    /// <summary>Traces the first step on a given batch, with the configured kernels as they are.</summary>
    /// <param name="label">What it is, in words.</param>
    /// <param name="config">Configuration.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="recorder">The recorder; off, and fresh.</param>
    public StepTrace Run(string label, RunConfig config, Batch batch, TraceRecorder recorder) =>
        Run(label, Still(config), NetworkKernels.For(config.Train.Kernels), _ => (1, batch), 1, recorder, default);

    private static RunConfig Still(RunConfig config) =>
        config with
        {
            Model = config.Model with { Dropout = 0 },
            Discriminator = config.Discriminator with { Dropout = 0 },
        };

    private StepTrace Run(
        string label,
        RunConfig still,
        INetworkKernels tested,
        Func<long, (int Epoch, Batch Batch)> batches,
        long step,
        TraceRecorder recorder,
        CancellationToken stop
    )
    {
        using var networks = new Networks(still, new TracingKernels(PlantKernels?.Invoke(tested) ?? tested, recorder));
        InitialWeights.Load(networks, still);
        Plant?.Invoke(networks);
        recorder.Attach(networks);
        networks.Train(true);
        var trained = new TrainStep(networks, still);
        for (var at = 1L; at <= step; at++)
        {
            stop.ThrowIfCancellationRequested();
            var (epoch, batch) = batches(at);
            Schedule.Apply(networks, still.Optimizer, epoch);
            recorder.IsOn = at == step;
            if (recorder.IsOn)
                recorder.Parameters(networks, TracePart.Parameter);
            trained.Run(batch, epoch, at);
            if (recorder.IsOn)
                recorder.Parameters(networks, TracePart.ParameterGradient);
        }
        return new StepTrace
        {
            Label = label,
            Step = step,
            IsFloat64 = still.Train.Precision == Precision.Float64,
            Nodes = recorder.Take(),
        };
    }
}
