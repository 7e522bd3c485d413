namespace SpeechGan.Runs;

/// <summary>What one training step did to the parameters of a network: measured on the parameters themselves, buffers left out.</summary>
public sealed record WeightUpdate
{
    /// <summary>L2 norm of the change of all parameters; 0 where none moved, absent where a parameter is not finite.</summary>
    public double? Norm { get; init; }

    /// <summary>Learning rate that the optimiser held when it stepped; absent where its groups hold different ones.</summary>
    public double? Rate { get; init; }

    /// <summary>Elements of all parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Tensors that did not move although they have a gradient; 0 in a sound step and in one that was not taken.</summary>
    public int Still { get; init; }

    /// <summary>Whether the parameters changed between the step before and this one, where nothing may write into them (a resumed
    /// run compares what was restored with what its last step left); absent in the first step of a run and in older records.</summary>
    public bool? ChangedBefore { get; init; }

    /// <summary>First 16 hexadecimal digits of the SHA-256 of all parameters after the step.</summary>
    public required string Digest { get; init; }

    /// <summary>
    /// The update over what a step of AdamW at its largest is in usual use, rate times the root of the number of parameters: 1 in the first
    /// step, below it later (D. P. Kingma and J. Ba, "Adam", 2015, section 2.1). Absent where the rate is absent or 0.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double? Relative => RelativeOf(Norm, Rate, Parameters);

    internal static double? RelativeOf(double? norm, double? rate, long parameters) =>
        norm is { } change && rate > 0 && parameters > 0 ? change / (rate.Value * Math.Sqrt(parameters)) : null;
}
