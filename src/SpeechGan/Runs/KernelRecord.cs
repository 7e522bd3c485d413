namespace SpeechGan.Runs;

/// <summary>What the self-test of kernels found when a process began to compute: an item in <c>run.json</c> for each start of the
/// run.</summary>
public sealed record KernelRecord
{
    /// <summary>Device that was tested, as in <c>train.device</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Number type that was tested, <c>float32</c> or <c>float64</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The networks' kernels: <c>fused</c> or <c>operators</c>.</summary>
    public required PathInForce Kernels { get; init; }

    /// <summary>oneDNN: <c>on</c>, <c>off</c>, <c>unknown</c> where this libtorch does not say, or <c>unused</c>.</summary>
    public required PathInForce OneDnn { get; init; }

    /// <summary>NNPACK, likewise.</summary>
    public required PathInForce Nnpack { get; init; }

    /// <summary>What was checked on the way that is in force, and on ways that were left because of it whatever was wrong there.</summary>
    public IReadOnlyList<KernelCheckRecord> Checks { get; init; } = [];

    /// <summary>Why nothing was checked; absent where something was.</summary>
    public string? Unchecked { get; init; }

    /// <summary>Seconds it took, with the first calls' compilation.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Which way is taken, and why.</summary>
/// <param name="State">In a word.</param>
/// <param name="Why">The reason, a sentence.</param>
public sealed record PathInForce(string State, string Why);

/// <summary>One operator against float64, forward and every gradient.</summary>
public sealed record KernelCheckRecord
{
    /// <summary>The way it was computed, for example <c>fused kernels, oneDNN on</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The operator, for example <c>dilated convolution 2x3, dilation 4</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>Sizes in words, for example <c>24 to 8 channels, 2x103</c>.</summary>
    public required string Shape { get; init; }

    /// <summary>Largest relative error of a result; absent where it is not finite or was not computed.</summary>
    public double? Forward { get; init; }

    /// <summary>Largest relative error of a gradient; absent where it is not finite or was not computed.</summary>
    public double? Gradient { get; init; }

    /// <summary>The result or gradient that is furthest off; absent where nothing was computed.</summary>
    public string? Worst { get; init; }

    /// <summary>Largest error that is rounding.</summary>
    public required double Limit { get; init; }

    /// <summary>Whether every error is within the limit.</summary>
    public required bool Right { get; init; }

    /// <summary>Whether the run computes this way.</summary>
    public required bool InForce { get; init; }

    /// <summary>What is wrong, a clause; absent where it is right.</summary>
    public string? Fault { get; init; }
}
