using System.Diagnostics.CodeAnalysis;

namespace SpeechGan.Metrics;

/// <summary>
/// What a metric says about a pair of signals: a finite value, or the reason why there is none. Never NaN and never a number that
/// stands for "not measured".
/// </summary>
public readonly record struct MetricResult
{
    // The default struct must not read as a measured 0.
    private readonly bool hasValue;
    private readonly double value;
    private readonly UnscorableReason reason;
    private readonly string? sentence;

    private MetricResult(bool hasValue, double value, UnscorableReason reason, string? sentence)
    {
        this.hasValue = hasValue;
        this.value = value;
        this.reason = reason;
        this.sentence = sentence;
    }

    /// <summary>Whether the metric has a value.</summary>
    public bool HasValue => hasValue;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message is <see cref="Sentence"/>.</exception>
    public double Value => hasValue ? value : throw new InvalidOperationException(Sentence);

    /// <summary>Why there is no value; null where there is one.</summary>
    public UnscorableReason? Unscorable
    {
        get
        {
            if (hasValue)
                return null;
            if (sentence is null)
                return UnscorableReason.Undefined;
            return reason;
        }
    }

    /// <summary>The reason in a sentence; empty where there is a value.</summary>
    public string Sentence => hasValue ? "" : sentence ?? "The metric was not computed.";

    /// <summary>A measured value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public static MetricResult Of(double value) =>
        double.IsFinite(value)
            ? new MetricResult(true, value, default, null)
            : throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                "A metric's value is finite; what has none is unscorable, with a reason."
            );

    /// <summary>No value, for a reason that <paramref name="sentence"/> tells: what was found, what is allowed.</summary>
    public static MetricResult None(UnscorableReason reason, string sentence)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sentence);
        return new MetricResult(false, 0, reason, sentence);
    }

    /// <summary>True and the value where there is one, else false.</summary>
    public bool TryGet(out double value)
    {
        value = this.value;
        return hasValue;
    }

    /// <summary>True and the reason where there is no value, else false.</summary>
    public bool TryGetReason([NotNullWhen(true)] out UnscorableReason? reason)
    {
        reason = Unscorable;
        return reason is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        hasValue
            ? value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
            : $"unscorable ({Unscorable!.Value.ToName()}): {Sentence}";
}
