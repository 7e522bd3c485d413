using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Configuration;

/// <summary>Knobs of the data: cuts, order, files.</summary>
public sealed record DataConfig
{
    /// <summary>Length of a training cut.</summary>
    [Knob("s", "2 s at 16 kHz = 32 000 samples, as published; whole hops of 100 samples", Min = 0, AboveMin = true, Max = 60)]
    public double TrainCutSeconds { get; init; } = 2.0;

    /// <summary>Where training cuts are taken.</summary>
    [Knob("", "random as published; center pins the data for parity tests")]
    public TrainCut TrainCut { get; init; } = TrainCut.Random;

    /// <summary>When the order is drawn.</summary>
    [Knob("", "each-epoch; once is the published samplers' fault, none keeps the natural order")]
    public ShufflePolicy Shuffle { get; init; } = ShufflePolicy.EachEpoch;

    /// <summary>Cuts in a training batch.</summary>
    [Knob("cuts", "4 as published; the last partial batch of an epoch is dropped", Min = 1, Max = 1024)]
    public int BatchSize { get; init; } = 4;

    /// <summary>What to do with two channels.</summary>
    [Knob("", "refuse: mixing channels silently changes the corpus")]
    public ChannelPolicy Channel { get; init; } = ChannelPolicy.Refuse;

    /// <summary>What to do where clean and noisy differ in length.</summary>
    [Knob("", "refuse: a pair of different lengths is often misaligned")]
    public LengthMismatchPolicy OnLengthMismatch { get; init; } = LengthMismatchPolicy.Refuse;

    /// <summary>A second corpus mixed into training.</summary>
    [Knob("folder", "empty = none")]
    public string MixIn { get; init; } = "";

    /// <summary>Share of training cuts from the second corpus.</summary>
    [Knob("share", "0 = none", Min = 0, Max = 1, BelowMax = true)]
    public double MixInShare { get; init; }

    /// <summary>Share of train held out for validation.</summary>
    [Knob("share", "a seeded tenth of train where the corpus has no valid", Min = 0, AboveMin = true, Max = 0.5)]
    public double HoldOut { get; init; } = 0.1;

    /// <summary>Batches read ahead.</summary>
    [Knob("batches", "that may wait ready, to hide reading behind the training step", Min = 0, Max = 64, FreeOnResume = true)]
    public int ReadAhead { get; init; } = 2;

    /// <summary>Threads that read batches.</summary>
    [Knob("threads", "changes speed, never a batch; 0 reads in line", Min = 0, Max = 1024, FreeOnResume = true)]
    public int Workers { get; init; } = 2;

    /// <summary>Memory for decoded files.</summary>
    [Knob("MiB", "decoded utterances kept in memory; 0 keeps none", Min = 0, Max = 1048576, FreeOnResume = true)]
    public int CacheMegabytes { get; init; } = 512;
}

/// <summary>Knobs of the generator (TSCNet).</summary>
public sealed record ModelConfig
{
    /// <summary>Channels C of all layers.</summary>
    [Knob("channels", "64 as published; a multiple of heads", Min = 1, Max = 512)]
    public int Channels { get; init; } = 64;

    /// <summary>Two-stage conformer blocks.</summary>
    [Knob("blocks", "4 as published", Min = 1, Max = 8)]
    public int Blocks { get; init; } = 4;

    /// <summary>Attention heads.</summary>
    [Knob("heads", "4 as published", Min = 1, Max = 64)]
    public int Heads { get; init; } = 4;

    /// <summary>Dropout of feed-forward and attention results.</summary>
    [Knob("probability", "0.2 as published; 0 pins parity tests", Min = 0, Max = 1, BelowMax = true)]
    public double Dropout { get; init; } = 0.2;
}

/// <summary>Knobs of the metric discriminator.</summary>
public sealed record DiscriminatorConfig
{
    /// <summary>Features ndf of the first layer.</summary>
    [Knob("features", "ndf, 16 as published", Min = 1, Max = 256)]
    public int Features { get; init; } = 16;

    /// <summary>Dropout before the last layer.</summary>
    [Knob("probability", "0.3 as published; 0 pins parity tests", Min = 0, Max = 1, BelowMax = true)]
    public double Dropout { get; init; } = 0.3;
}

/// <summary>Weights of the generator's loss terms; a weight of 0 removes the term and its cost.</summary>
public sealed record LossWeights
{
    /// <summary>Real and imaginary parts.</summary>
    [Knob("", "0.1 as published", Min = 0, Max = 1e6)]
    public double Ri { get; init; } = 0.1;

    /// <summary>Compressed magnitude.</summary>
    [Knob("", "0.9 as published", Min = 0, Max = 1e6)]
    public double Magnitude { get; init; } = 0.9;

    /// <summary>Mean absolute difference of the waveforms.</summary>
    [Knob("", "0.2 as published", Min = 0, Max = 1e6)]
    public double Time { get; init; } = 0.2;

    /// <summary>Metric discriminator's judgement; 0 trains without a discriminator.</summary>
    [Knob("", "0.05 as published; 0 trains without a discriminator", Min = 0, Max = 1e6)]
    public double Gan { get; init; } = 0.05;
}

/// <summary>Knobs of the generator's loss.</summary>
public sealed record LossConfig
{
    /// <summary>Weights of the terms.</summary>
    public LossWeights Weights { get; init; } = new();

    /// <summary>Scale of the clean signal in the time term.</summary>
    [Knob("", "normalized; raw compares signals of different scale as upstream does (issue 42)")]
    public TimeReference TimeReference { get; init; } = TimeReference.Normalized;
}

/// <summary>Knobs of both AdamW optimizers and their schedule.</summary>
public sealed record OptimizerConfig
{
    /// <summary>Generator's learning rate.</summary>
    [Knob("per step", "5e-4 as published", Min = 0, AboveMin = true, Max = 1)]
    public double GeneratorLearningRate { get; init; } = 5e-4;

    /// <summary>Discriminator's learning rate.</summary>
    [Knob("per step", "1e-3 as published: twice the generator's", Min = 0, AboveMin = true, Max = 1)]
    public double DiscriminatorLearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the first moment.</summary>
    [Knob("", "0.9, AdamW's usual", Min = 0, Max = 1, BelowMax = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    [Knob("", "0.999, AdamW's usual", Min = 0, Max = 1, BelowMax = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    [Knob("", "1e-8, AdamW's usual", Min = 0, AboveMin = true, Max = 1)]
    public double Eps { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay on all parameters.</summary>
    [Knob("", "0.01 as published (TorchSharp's own default is 0)", Min = 0, Max = 1)]
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Epochs between two reductions of both rates.</summary>
    [Knob("epochs", "30 as published", Min = 1, Max = 1000000)]
    public int DecayEpochs { get; init; } = 30;

    /// <summary>Factor of a reduction.</summary>
    [Knob("", "0.5 as published; 1 keeps the rates", Min = 0, AboveMin = true, Max = 1)]
    public double DecayFactor { get; init; } = 0.5;

    /// <summary>Largest norm of the generator's gradient.</summary>
    [Knob("L2 norm", "0 = no clipping, as published", Min = 0, Max = 1e9)]
    public double GradientClip { get; init; }
}

/// <summary>Knobs of the metric (PESQ) the discriminator learns.</summary>
public sealed record MetricConfig
{
    /// <summary>What happens to samples without a score.</summary>
    [Knob("", "mask; drop-batch is the published trainers' fault")]
    public MetricFailurePolicy OnFailure { get; init; } = MetricFailurePolicy.Mask;

    /// <summary>Terms that leave unscored samples out.</summary>
    [Knob("", "pesq: the clean/clean term needs no PESQ and keeps all samples")]
    public MaskedTerms MaskedTerms { get; init; } = MaskedTerms.Pesq;

    /// <summary>Threads that score a batch.</summary>
    [Knob("threads", "changes speed, never a score", Min = 1, Max = 1024, FreeOnResume = true)]
    public int Workers { get; init; } = 2;
}

/// <summary>Knobs of validation during training.</summary>
public sealed record EvaluationConfig
{
    /// <summary>Which part of an utterance is evaluated.</summary>
    [Knob("", "center: the cut depends on the file alone; random is the published fault")]
    public EvaluationCut Cut { get; init; } = EvaluationCut.Center;

    /// <summary>Length of an evaluation cut.</summary>
    [Knob("s", "4 s: PESQ of shorter real cuts jumped by up to 1.3 for a 2 % change of the signal", Min = 0.25, Max = 600)]
    public double CutSeconds { get; init; } = 4.0;

    /// <summary>Utterances read and scored together; each has a forward pass of its own, so that this changes no score.</summary>
    [Knob("utterances", "changes memory and speed, never a score: each utterance has its own forward pass", Min = 1, Max = 1024)]
    public int BatchSize { get; init; } = 8;

    /// <summary>Epochs between two evaluations.</summary>
    [Knob("epochs", "every epoch", Min = 1, Max = 1000000)]
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Utterances enhanced and scored at once.</summary>
    [Knob("threads", "an utterance a thread; changes speed and memory, never a score", Min = 1, Max = 1024, FreeOnResume = true)]
    public int Workers { get; init; } = 2;
}

/// <summary>Knobs of the training loop.</summary>
public sealed record TrainConfig
{
    /// <summary>Epochs to train.</summary>
    [Knob("epochs", "120 as published", Min = 1, Max = 1000000, FreeOnResume = true)]
    public int Epochs { get; init; } = 120;

    /// <summary>Steps of an epoch.</summary>
    [Knob("steps", "0 = the whole epoch", Min = 0, Max = 1000000000)]
    public int StepsPerEpoch { get; init; }

    /// <summary>Tensor threads.</summary>
    [Knob("threads", "2 on every machine: the number changes result bits, so nothing scales itself", Min = 1, Max = 1024)]
    public int Threads { get; init; } = 2;

    /// <summary>Device of the tensors.</summary>
    [Knob("", "cpu, cuda or cuda:N")]
    public string Device { get; init; } = "cpu";

    /// <summary>Number type.</summary>
    [Knob("", "float32; float64 for parity tests")]
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How the networks' costly parts are computed.</summary>
    [Knob(
        "",
        "fused: native and fast on the CPU; operators is the reference form. Rounding and dropout's masks differ, the function does not"
    )]
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Whether BatchNorm's statistics are over the batches of all processes.</summary>
    [Knob(
        "",
        "false: statistics over each process's own batch, without waiting in every block; true makes N processes equal to one with N "
            + "times the batch"
    )]
    public bool SyncBatchNorm { get; init; }

    /// <summary>Deadline of what the processes of a group do together.</summary>
    [Knob(
        "s",
        "longer than the longest that one rank does alone, a checkpoint or an utterance's evaluation; a dead rank is seen at once, a "
            + "paused one then",
        Min = 1,
        Max = 86400,
        FreeOnResume = true
    )]
    public double CollectiveTimeoutSeconds { get; init; } = 300;

    /// <summary>Steps between two comparisons of the weights on all processes.</summary>
    [Knob("steps", "0 = before each checkpoint", Min = 0, Max = 1000000000, FreeOnResume = true)]
    public int ReplicaCheckSteps { get; init; }

    /// <summary>Weights the generator begins with.</summary>
    [Knob("file", "safetensors with PyTorch's names; empty = drawn from the seed")]
    public string InitGenerator { get; init; } = "";

    /// <summary>Weights the discriminator begins with.</summary>
    [Knob("file", "safetensors with PyTorch's names; empty = drawn from the seed")]
    public string InitDiscriminator { get; init; } = "";

    /// <summary>What happens at a loss that is not finite.</summary>
    [Knob("", "stop: skipping such batches would hide the cause")]
    public NonFinitePolicy OnNonFinite { get; init; } = NonFinitePolicy.Stop;

    /// <summary>What happens where no right way to compute is found.</summary>
    [Knob("", "refuse: numbers of wrong kernels mean nothing; record continues, to reproduce such a run")]
    public WrongKernelsPolicy OnWrongKernels { get; init; } = WrongKernelsPolicy.Refuse;
}

/// <summary>Knobs of saving.</summary>
public sealed record CheckpointConfig
{
    /// <summary>Epochs between two checkpoints.</summary>
    [Knob("epochs", "every epoch: at most one is lost", Min = 1, Max = 1000000, FreeOnResume = true)]
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Steps between two checkpoints inside an epoch.</summary>
    [Knob("steps", "0 = only at the end of epochs", Min = 0, Max = 1000000000, FreeOnResume = true)]
    public int EverySteps { get; init; }

    /// <summary>Checkpoints kept beside the best one.</summary>
    [Knob("checkpoints", "2: if the newest is damaged, the one before it is used", Min = 2, Max = 1000000, FreeOnResume = true)]
    public int Keep { get; init; } = 2;

    /// <summary>Epochs between two checkpoints that are kept for good.</summary>
    [Knob(
        "epochs",
        "0 = none beside the newest and the best; 10 keeps every tenth, to evaluate, compare or probe from later",
        Min = 0,
        Max = 1000000,
        FreeOnResume = true
    )]
    public int KeepEveryEpochs { get; init; }
}
