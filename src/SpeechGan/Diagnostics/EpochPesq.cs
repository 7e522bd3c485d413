using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics;

/// <summary>Validation PESQ of an epoch by utterance: the mean and the count are known at once, the utterances are read when they are asked
/// for, since few epochs' are.</summary>
internal sealed class EpochPesq : IReadOnlyDictionary<string, double>
{
    private readonly Lazy<Dictionary<string, double>> utterances;

    private EpochPesq(RunRecord run, int epoch, Dictionary<string, double> own)
    {
        (Epoch, Count, Mean) = (epoch, own.Count, SampleMean.Of(own.Values));
        utterances = new Lazy<Dictionary<string, double>>(() => Read(run, epoch));
    }

    /// <summary>Reads an epoch; null where no utterance has a PESQ.</summary>
    public static EpochPesq? Of(RunRecord run, int epoch) => Read(run, epoch) is { Count: > 0 } own ? new EpochPesq(run, epoch, own) : null;

    /// <summary>Epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>Mean over the utterances.</summary>
    public double Mean { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => utterances.Value.Keys;

    /// <inheritdoc/>
    public IEnumerable<double> Values => utterances.Value.Values;

    /// <inheritdoc/>
    public double this[string key] => utterances.Value[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => utterances.Value.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value) => utterances.Value.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => utterances.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A record that was resumed after damage may hold an utterance twice: the later line counts.
    private static Dictionary<string, double> Read(RunRecord run, int epoch)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var evaluation in run.EvaluationsOf(epoch).Where(e => e.Split == ValidationHistory.Split))
        {
            if (evaluation.Metrics.TryGetValue(ValidationHistory.Pesq, out var pesq) && double.IsFinite(pesq))
                scores[evaluation.Name] = pesq;
        }

        return scores;
    }
}
