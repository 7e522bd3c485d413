using System.Runtime.CompilerServices;

namespace SpeechGan.Runs.Rows;

/// <summary>The numbers of a step that may be absent, in the order of <see cref="StepNumbers"/>.</summary>
internal enum StepNumber
{
    LossRi,
    LossMagnitude,
    LossTime,
    LossGan,
    LossTotal,
    DiscriminatorLoss,
    GradientRi,
    GradientMagnitude,
    GradientTime,
    GradientGan,
    GradientGenerator,
    GradientDiscriminator,
    GeneratorNorm,
    GeneratorRate,
    DiscriminatorNorm,
    DiscriminatorRate,
}

/// <summary>What of a step is there.</summary>
[Flags]
internal enum StepFlags : short
{
    None = 0,
    GradientNorm = 1,
    GeneratorUpdate = 2,
    DiscriminatorUpdate = 4,
    Samples = 8,

    /// <summary>A reason says why no score was asked for.</summary>
    ScoresUnavailable = 16,

    /// <summary>It says where its values stand in a foreign record.</summary>
    Sources = 32,
}

/// <summary>A number for each <see cref="StepNumber"/>; see <see cref="Number"/> for absent ones.</summary>
[InlineArray(16)]
internal struct StepNumbers
{
    private double first;
}

/// <summary>A step in a fixed number of bytes: what theories, charts and comparisons read of it, and where its line stands.</summary>
internal struct StepCells
{
    public long Step;
    public long Offset; // of its line, in the record's text
    public long GeneratorParameters;
    public long DiscriminatorParameters;
    public StepNumbers Numbers;
    public int Length; // of its line, without the line feed
    public int Epoch;
    public int Scored;
    public int GeneratorStill;
    public int DiscriminatorStill;
    public int FirstSample; // in the block's samples
    public int Samples;
    public int FirstMasked; // in the block's masked counts
    public int Masked;
    public int? Batch;
    public int? SampleCount;
    public StepFlags Flags;
    public bool? Stepped;
    public bool? GeneratorChanged;
    public bool? DiscriminatorChanged;
}

/// <summary>A sample of a step; names are places in the <see cref="NameTable"/>.</summary>
internal struct SampleCells
{
    public double Pesq;
    public double Discriminator;
    public double DiscriminatorOfClean;
    public double Target;
    public int Name;
    public int Masked; // -1: none
    public int Input; // in the block's inputs; -1: none
    public int? Start;
}

/// <summary>A sample as it was loaded.</summary>
internal struct InputCells
{
    public double CleanLevel;
    public double NoisyLevel;
    public double CleanMean;
    public double NoisyMean;
    public double CleanPeak;
    public double NoisyPeak;
    public double Correlation;
    public double Unshifted;
    public double RangeGained;
    public int? Lag;
}

/// <summary>Samples of a step without a score for one reason.</summary>
internal struct MaskedCells
{
    public int Reason;
    public int Count;
}

/// <summary>Absent numbers in cells.</summary>
internal static class Number
{
    // A NaN of its own payload: what was recorded as NaN (it never is) stays apart from what was not recorded.
    private const long AbsentBits = 0x7FF8_0000_5350_4741;

    public static readonly double Absent = BitConverter.Int64BitsToDouble(AbsentBits);

    public static double Of(double? value) => value ?? Absent;

    public static double? From(double cell) => BitConverter.DoubleToInt64Bits(cell) == AbsentBits ? null : cell;
}
