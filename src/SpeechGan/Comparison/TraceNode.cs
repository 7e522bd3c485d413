using System.Globalization;

namespace SpeechGan.Comparison;

/// <summary>What of a module a trace node holds.</summary>
public enum TracePart
{
    /// <summary>A parameter before the step.</summary>
    Parameter,

    /// <summary>The output of its forward pass.</summary>
    Output,

    /// <summary>The gradient at its input.</summary>
    InputGradient,

    /// <summary>The gradient of a parameter after the step's backward passes.</summary>
    ParameterGradient,
}

/// <summary>One tensor of a traced step.</summary>
public sealed record TraceNode
{
    /// <summary>Most elements of <see cref="Values"/>: a trace of a scenario stays below 30 MB, and every tensor of the smallest networks
    /// is whole.</summary>
    public const int MostValues = 1 << 14;

    /// <summary>Module by its dotted path, with its network: <c>generator.TSCB_1.time_conformer.ff1</c>.</summary>
    public required string Module { get; init; }

    /// <summary>Which call of the module in the step it is, from 1 (the discriminator is called three times); 1 for parameters.</summary>
    public int Call { get; init; } = 1;

    /// <summary>What of it.</summary>
    public required TracePart Part { get; init; }

    /// <summary>Name of the parameter or of the part of an output; empty where there is one only.</summary>
    public string Name { get; init; } = "";

    /// <summary>Kind of the operator, as its type is called.</summary>
    public required string Kind { get; init; }

    /// <summary>Sizes.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>L2 norm; absent where a value is not finite.</summary>
    public double? Norm { get; init; }

    /// <summary>Mean; absent where a value is not finite.</summary>
    public double? Mean { get; init; }

    /// <summary>Smallest value; absent where a value is not finite.</summary>
    public double? Low { get; init; }

    /// <summary>Largest value; absent where a value is not finite.</summary>
    public double? High { get; init; }

    /// <summary>First 16 hexadecimal digits of the SHA-256 of all values in their own type.</summary>
    public required string Digest { get; init; }

    /// <summary>All values where there are up to <see cref="MostValues"/>, else that many at equal distances, as bytes of float64 in
    /// base64.</summary>
    public required string Values { get; init; }

    /// <summary>What the node is known by in both traces.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Module}#{Call}/{Part}/{Name}");

    /// <summary>The node in words: <c>generator.mask_decoder.conv_1 (Convolve, [2, 1, 81, 201])</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string InWords =>
        $"{Module}{(Call > 1 ? string.Create(CultureInfo.InvariantCulture, $", call {Call}") : "")} ({Kind}, [{string.Join(", ", Shape)}])";

    /// <summary>The values.</summary>
    public double[] Read()
    {
        var bytes = Convert.FromBase64String(Values);
        var values = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, values, 0, values.Length * sizeof(double));
        return values;
    }
}
