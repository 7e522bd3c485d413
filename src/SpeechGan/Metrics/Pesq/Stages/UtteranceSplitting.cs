namespace SpeechGan.Metrics.PesqStages;

/// <summary>Splits utterances whose delay changes inside (section 10 of docs/pesq-algorithm.md).</summary>
internal sealed class UtteranceSplitting(
    ActivityEnvelope reference,
    CoarseAlignment coarse,
    FineAlignment fine,
    int degradedLength,
    RateTable table
)
{
    private const int Guard = 75;
    private const int ShortestSplit = 200;
    private const int MostCandidates = 40;

    /// <summary>Splits in place, left parts first, as long as there are fewer than 50 utterances.</summary>
    internal void Split(List<AlignedUtterance> utterances)
    {
        int u = 0;
        while (u < utterances.Count && utterances.Count < AlignedUtterance.Most)
        {
            if (TrySplit(utterances[u], out AlignedUtterance left, out AlignedUtterance right))
            {
                utterances[u] = left;
                utterances.Insert(u + 1, right); // the left part is examined again
            }
            else
            {
                u++;
            }
        }
    }

    private bool TrySplit(AlignedUtterance whole, out AlignedUtterance left, out AlignedUtterance right)
    {
        left = right = default;
        int b = whole.Start,
            e = whole.End;
        while (b < whole.End && reference.At(b) == 0)
            b++;
        while (e > whole.Start && reference.At(e) == 0)
            e--;
        e++;
        int length = e - b;
        if (length < ShortestSplit)
            return false;

        int delta = table.AlignmentFrame / (4 * table.Window);
        int step = delta * (int)Math.Floor((0.801 * length + 40 * delta - 1) / (40 * delta));
        int pad = Math.Max(length / 10, Guard);
        double best = 0;
        for (int i = 0, candidate = b + pad; i < MostCandidates && (i == 0 || candidate <= e - pad); i++, candidate += step)
        {
            int leftEstimate = coarse.Range(whole.Start, candidate, whole.Estimate);
            FineLag leftLag = LeftPart(whole.Start, candidate, leftEstimate);
            if (leftLag.Confidence <= whole.Confidence)
                continue;
            int rightEstimate = coarse.Range(candidate, whole.End, whole.Estimate);
            FineLag rightLag = RightPart(candidate, whole.End, rightEstimate);
            if (rightLag.Confidence <= whole.Confidence)
                continue;
            int leftDelay = leftEstimate + leftLag.Samples,
                rightDelay = rightEstimate + rightLag.Samples;
            if (Math.Abs(rightDelay - leftDelay) < table.Window || leftLag.Confidence + rightLag.Confidence <= best)
                continue;
            best = leftLag.Confidence + rightLag.Confidence;
            (int leftEnd, int rightStart) = Limits(candidate, leftDelay, rightDelay, table.Window);
            left = whole with
            {
                Start = UtteranceAlignment.StartWithin(whole.Start, leftDelay, table.Window),
                End = leftEnd,
                Estimate = leftEstimate,
                Delay = leftDelay,
                Confidence = leftLag.Confidence,
            };
            right = whole with
            {
                Start = rightStart,
                End = UtteranceAlignment.EndWithin(whole.End, rightDelay, degradedLength, table.Window),
                Estimate = rightEstimate,
                Delay = rightDelay,
                Confidence = rightLag.Confidence,
            };
        }

        return best > 0;
    }

    /// <summary>Where the left part ends and the right one starts; they overlap where the delay grows.</summary>
    internal static (int LeftEnd, int RightStart) Limits(int candidate, int leftDelay, int rightDelay, int window)
    {
        if (rightDelay < leftDelay)
            return (candidate, candidate);
        int half = (rightDelay - leftDelay) / (2 * window);
        return (candidate + half, candidate - half);
    }

    private FineLag LeftPart(int start, int candidate, int estimate)
    {
        int r = start * table.Window,
            d = r + estimate;
        if (d < 0)
        {
            r = -estimate;
            d = 0;
        }

        return fine.Forwards(r, d, candidate * table.Window);
    }

    // From the end backwards.
    private FineLag RightPart(int candidate, int end, int estimate)
    {
        int r = end * table.Window - table.AlignmentFrame,
            d = r + estimate;
        if (d + table.AlignmentFrame > degradedLength)
        {
            d = degradedLength - table.AlignmentFrame;
            r = d - estimate;
        }

        return fine.Backwards(r, d, candidate * table.Window);
    }
}
