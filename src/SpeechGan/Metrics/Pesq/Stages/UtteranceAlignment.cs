namespace SpeechGan.Metrics.PesqStages;

/// <summary>Finds utterances, their delays and their limits (section 9 of docs/pesq-algorithm.md).</summary>
internal static class UtteranceAlignment
{
    private const int Guard = 75;
    private const int Shortest = 50;

    /// <summary>Section 9.1: runs of activity that are long enough and lie within the degraded signal.</summary>
    internal static List<AlignedUtterance> Find(ActivityEnvelope reference, int crudeDelay, int degradedLength, int window)
    {
        int windows = reference.Windows;
        var found = new List<AlignedUtterance>();
        for (int s = 0; s < windows; s++)
        {
            if (reference.Activity[s] <= 0)
                continue;
            int e = s;
            while (e < windows - 1 && reference.Activity[e] > 0)
                e++;
            bool accepted =
                e - s >= Shortest && s < (degradedLength - crudeDelay) / window - Shortest && e > Shortest - crudeDelay / window;
            if (accepted)
                found.Add(new AlignedUtterance(s, e, Math.Max(s - Guard, 0), Math.Min(e + Guard, windows - 1), crudeDelay, crudeDelay, 0));
            s = e;
        }

        return found;
    }

    /// <summary>Section 9.2: the delay of every utterance.</summary>
    internal static void Align(List<AlignedUtterance> utterances, int crudeDelay, CoarseAlignment coarse, FineAlignment fine, int window)
    {
        for (int u = 0; u < utterances.Count; u++)
        {
            AlignedUtterance x = utterances[u];
            int estimate = coarse.Range(x.SearchStart, x.SearchEnd, crudeDelay);
            int r = x.SearchStart * window,
                d = r + estimate;
            if (d < 0)
            {
                r = -estimate;
                d = 0;
            }

            FineLag lag = fine.Forwards(r, d, x.SearchEnd * window);
            utterances[u] = x with { Estimate = estimate, Delay = estimate + lag.Samples, Confidence = lag.Confidence };
        }
    }

    /// <summary>Section 9.3: limits that cover the whole signal and do not overlap in the degraded one.</summary>
    internal static void SetLimits(List<AlignedUtterance> utterances, int windows, int degradedLength, int window)
    {
        int last = utterances.Count - 1;
        utterances[0] = utterances[0] with { Start = Guard };
        utterances[last] = utterances[last] with { End = windows - Guard };
        for (int u = 1; u <= last; u++)
        {
            int mid = (utterances[u].Start + utterances[u - 1].End) / 2;
            utterances[u] = utterances[u] with { Start = mid };
            utterances[u - 1] = utterances[u - 1] with { End = mid };
        }

        utterances[0] = utterances[0] with { Start = StartWithin(utterances[0].Start, utterances[0].Delay, window) };
        utterances[last] = utterances[last] with { End = EndWithin(utterances[last].End, utterances[last].Delay, degradedLength, window) };

        for (int u = 1; u <= last; u++)
        {
            AlignedUtterance left = utterances[u - 1],
                right = utterances[u];
            int p = right.Start * window + right.Delay,
                q = left.End * window + left.Delay;
            if (p >= q)
                continue;
            int c = (p + q) / 2;
            utterances[u] = right with { Start = (window - 1 + c - right.Delay) / window };
            utterances[u - 1] = left with { End = (c - left.Delay) / window };
        }
    }

    /// <summary>A start that does not lie before the degraded signal.</summary>
    internal static int StartWithin(int start, int delay, int window) =>
        (start - Guard) * window + delay < 0 ? Guard + (window - 1 - delay) / window : start;

    /// <summary>An end that does not lie behind the degraded signal.</summary>
    internal static int EndWithin(int end, int delay, int degradedLength, int window) =>
        end * window + delay > degradedLength - Guard * window ? (degradedLength - delay) / window - Guard : end;
}
