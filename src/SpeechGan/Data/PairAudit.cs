namespace SpeechGan.Data;

/// <summary>One pair's measures and what is wrong with it alone.</summary>
internal sealed record PairAudit
{
    public required string Split { get; init; }
    public required string Name { get; init; }
    public required SideMeasures Clean { get; init; }
    public required SideMeasures Noisy { get; init; }

    /// <summary>Null where a side is silent, or the rates differ.</summary>
    public PairAlignment? Alignment { get; init; }

    public bool Unrelated => Alignment is { } a && a.Correlation < AuditLimits.Unrelated;

    public static PairAudit Of(string split, string name, string cleanPath, string noisyPath)
    {
        SideMeasures clean = SideMeasures.Of(cleanPath),
            noisy = SideMeasures.Of(noisyPath);
        return new PairAudit
        {
            Split = split,
            Name = name,
            // Thousands of pairs are held at once: what was heard of them is read again where it is asked for. Clean sides alone are
            // compared.
            Clean = clean with { Beginning = [] },
            Noisy = noisy with { Beginning = [], Envelope = [] },
            Alignment =
                clean.SampleRate == noisy.SampleRate
                    ? PairAlignment.OfRecordings(clean.Beginning, noisy.Beginning, clean.SampleRate)
                    : null,
        };
    }

    /// <summary>What is wrong with the pair alone.</summary>
    public IEnumerable<AuditFinding> Findings() => [.. Side(Clean, "clean"), .. Side(Noisy, "noisy"), .. Together()];

    private IEnumerable<AuditFinding> Side(SideMeasures side, string word)
    {
        if (side.Seconds < AuditLimits.ShortestSeconds)
            yield return Found(
                "too-short",
                AuditLevel.Fault,
                side.Seconds,
                AuditLimits.ShortestSeconds,
                $"its {word} side has {side.Seconds:0.###} s, and PESQ scores {AuditLimits.ShortestSeconds} s and more"
            );
        if (side.Note is { } note)
            yield return Found("header", AuditLevel.Note, null, null, $"its {word} side {note.TrimEnd('.')}");
        if (side.SampleRate != AuditLimits.SampleRate)
            yield return Found(
                "other-rate",
                AuditLevel.Note,
                side.SampleRate,
                AuditLimits.SampleRate,
                $"its {word} side has {side.SampleRate} samples a second and is resampled to {AuditLimits.SampleRate} when it is read"
            );
        if (side.Channels > 1)
            yield return Found(
                "several-channels",
                AuditLevel.Note,
                side.Channels,
                1,
                $"its {word} side has {side.Channels} channels, and training refuses these unless data.channel says which"
            );
        if (side.SilentShare is { } share && share > AuditLimits.SilentShare)
            yield return side.Peak == 0
                ? Found("silent", AuditLevel.Fault, share, AuditLimits.SilentShare, $"its {word} side is digital silence")
                : Found(
                    "silent",
                    AuditLevel.Fault,
                    share,
                    AuditLimits.SilentShare,
                    $"{100 * share:0.#} % of its {word} side are silent (below {AuditLimits.SilentDecibels} dB of full scale), and "
                        + $"{100 * AuditLimits.SilentShare} % is the most a recording of speech should have"
                );
        if (side.Clipped > 0)
        {
            var clipped = (double)side.Clipped / side.Samples;
            yield return Found(
                "clipped",
                clipped > AuditLimits.ClippedShare ? AuditLevel.Fault : AuditLevel.Note,
                clipped,
                AuditLimits.ClippedShare,
                $"{side.Clipped} samples of its {word} side ({100 * clipped:0.###} %) stand at full scale in runs of "
                    + $"{AuditLimits.ClippedRun} and more: it is clipped"
            );
        }
        if (Math.Abs(side.Mean) > AuditLimits.Offset && Math.Abs(side.Mean) > AuditLimits.OffsetOfLevel * side.RootMeanSquare)
            yield return Found(
                "dc-offset",
                AuditLevel.Fault,
                side.Mean,
                AuditLimits.Offset,
                $"its {word} side has a mean of {side.Mean:0.####} of full scale: a DC offset, which changes PESQ and the normalisation"
            );
    }

    private IEnumerable<AuditFinding> Together()
    {
        if (Clean.SampleRate != Noisy.SampleRate)
        {
            yield return Found(
                "rates-differ",
                AuditLevel.Fault,
                Noisy.SampleRate,
                Clean.SampleRate,
                $"its clean side has {Clean.SampleRate} samples a second and its noisy side {Noisy.SampleRate}: one of the headers is "
                    + $"likely wrong"
            );
            yield break;
        }
        if (Clean.Samples != Noisy.Samples)
            yield return Found(
                "different-lengths",
                AuditLevel.Fault,
                Noisy.Samples,
                Clean.Samples,
                $"its clean side has {Clean.Samples} samples and its noisy side {Noisy.Samples}"
            );
        if (Clean.Content == Noisy.Content)
        {
            if (Clean.Peak > 0)
                yield return Found(
                    "identical-sides",
                    AuditLevel.Fault,
                    null,
                    null,
                    $"its noisy side is its clean side, sample for sample: there is nothing to learn"
                );
            yield break;
        }
        if (Alignment is not { } a)
            yield break;
        if (
            a.Correlation >= AuditLimits.Unrelated
            && Math.Abs(a.Lag) > AuditLimits.Lag * Clean.SampleRate
            && a.Correlation > AuditLimits.LagGain * a.Unshifted
        )
        {
            var seconds = (double)a.Lag / Clean.SampleRate;
            yield return Found(
                "misaligned",
                AuditLevel.Fault,
                seconds,
                AuditLimits.Lag,
                $"its noisy side is {Math.Abs(a.Lag)} samples ({1000 * Math.Abs(seconds):0.##} ms) {(a.Lag > 0 ? "late" : "early")}: "
                    + $"the correlation is {a.Correlation:0.##} there and {a.Unshifted:0.##} without a lag"
            );
        }
        double clean = Clean.Frames.Range,
            noisy = Noisy.Frames.Range;
        if (Clean.Frames.Count >= 10 && a.Correlation >= AuditLimits.Unrelated && noisy > clean + AuditLimits.ExchangedDecibels)
            yield return Found(
                "sides-exchanged",
                AuditLevel.Fault,
                noisy - clean,
                AuditLimits.ExchangedDecibels,
                $"the pauses of its noisy side are {noisy:0.#} dB below its speech and those of its clean side {clean:0.#} dB: the two "
                    + $"sides seem exchanged"
            );
    }

    private AuditFinding Found(string kind, AuditLevel level, double? observed, double? allowed, string sentence) =>
        new()
        {
            Kind = kind,
            Level = level,
            Split = Split,
            Name = Name,
            Observed = observed,
            Allowed = allowed,
            Sentence = $"{Split}/{Name}: {sentence}.",
        };
}
