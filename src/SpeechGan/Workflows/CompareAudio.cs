using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Reports;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>
/// What the page of a comparison lets its reader listen to: the utterances whose PESQ differs most between both sides, each as clean, noisy
/// and enhanced by the last checkpoint of A and of B, side by side. All sounds together are bounded, so that the page can be sent; what is
/// left out is told.
/// </summary>
internal static class CompareAudio
{
    /// <summary>Seconds of one clip.</summary>
    public const int ClipSeconds = 4;

    /// <summary>Seconds of all clips together: as 16-bit WAV of one channel at 16 kHz in base64 1.7 MB.</summary>
    public const int AllSeconds = 40;

    private const int MostUtterances = 6;

    private static readonly string[] Labels = ["clean", "noisy", "A", "B"];

    /// <summary>Reads and enhances.</summary>
    /// <param name="a">Record of side A.</param>
    /// <param name="b">Record of side B.</param>
    /// <param name="data">The corpus; null where it is not known.</param>
    /// <param name="stop">Ends the work between two signals.</param>
    public static ReportListening Of(RunRecord a, RunRecord b, string? data, CancellationToken stop)
    {
        var split = a.Evaluations.Any(e => e.Split == RecordName.Valid) ? RecordName.Valid : RecordName.Test;
        var pairs = Pairs(a, b, split);
        if (pairs.Count == 0)
            return new ReportListening([], ["No utterance was evaluated by both sides: none can be chosen by its change."]);
        if (data is null)
            return new ReportListening([], ["Neither run records its corpus: there is nothing to listen to."]);
        Dictionary<string, Utterance> utterances;
        try
        {
            utterances = ReportAudio.Open(data, split, a.Config ?? new RunConfig());
        }
        catch (Exception e) when (e is CorpusException or AudioFileException or IOException or UnauthorizedAccessException)
        {
            return new ReportListening(
                [],
                [$"The corpus cannot be opened, so there is nothing to listen to: {ReportAudio.Sentence(e.Message)}"]
            );
        }
        var clips = Bounded(
            pairs
                .Take(MostUtterances)
                .Select(p => ReportAudio.Cut(p.Name, p.Scored, utterances.GetValueOrDefault(p.Name), data, ClipSeconds))
        );
        List<string> notes = [LeftOut(pairs.Count, clips), .. CorporaDiffer(a, b)],
            ofA = [],
            ofB = [];
        Func<int, ReportClip> fromA = ReportAudio.Enhanced(a.Root, clips, ofA, stop).Last,
            fromB = ReportAudio.Enhanced(b.Root, clips, ofB, stop).Last;
        notes.AddRange(ofA.Select(n => "A: " + n).Concat(ofB.Select(n => "B: " + n)));
        return new ReportListening(
            [
                .. clips.Select(
                    (c, i) =>
                        new ReportUtterance(
                            c.Name,
                            split,
                            [
                                new(Labels[0], c.Clean, c.Absent),
                                new(Labels[1], c.Noisy, c.Absent),
                                fromA(i) with
                                {
                                    Label = Labels[2],
                                },
                                fromB(i) with
                                {
                                    Label = Labels[3],
                                },
                            ]
                        )
                ),
            ],
            notes
        );
    }

    // The last evaluation of both; the largest differences first, within equals by name.
    private static List<(string Name, UtteranceEvaluation Scored)> Pairs(RunRecord a, RunRecord b, string split)
    {
        var (ofA, ofB) = (Last(a, split), Last(b, split));
        return
        [
            .. ofA
                .Keys.Where(ofB.ContainsKey)
                .Select(n => (Name: n, Scored: ofA[n], Change: Pesq(ofB[n]) - Pesq(ofA[n])))
                .OrderBy(p => p.Change is null)
                .ThenByDescending(p => Math.Abs(p.Change ?? 0))
                .ThenBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => (p.Name, p.Scored)),
        ];
    }

    private static Dictionary<string, UtteranceEvaluation> Last(RunRecord run, string split) =>
        run
            .Evaluations.Where(e => e.Split == split && e.Epoch > 0)
            .GroupBy(e => e.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(e => e.Epoch)!, StringComparer.Ordinal);

    private static double? Pesq(UtteranceEvaluation evaluation) =>
        evaluation.Metrics.TryGetValue(RecordName.Pesq, out var value) ? value : null;

    private static List<ReportAudio.Signals> Bounded(IEnumerable<ReportAudio.Signals> all)
    {
        var taken = new List<ReportAudio.Signals>();
        var left = (long)AllSeconds * RunConfig.SampleRate;
        foreach (var signals in all)
        {
            left -= Labels.Length * (long)(signals.Clean?.Length ?? 0);
            if (left < 0)
                break;
            taken.Add(signals);
        }
        return taken;
    }

    private static string LeftOut(int pairs, List<ReportAudio.Signals> clips) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Of {pairs} utterance{(pairs == 1 ? "" : "s")} that both sides scored, the {clips.Count} whose PESQ differs most are here"
        )
        + (clips.Any(c => c.Shortened) ? string.Create(CultureInfo.InvariantCulture, $", the first {ClipSeconds} s of each") : "")
        + string.Create(
            CultureInfo.InvariantCulture,
            $" (at most {AllSeconds} s of sound in all). A and B are enhanced by the last checkpoint of each; the best ones and the other "
        )
        + "utterances are left out: keep the runs (--keep DIR) and `speechgan report RUN --utterances N` has them.";

    private static IEnumerable<string> CorporaDiffer(RunRecord a, RunRecord b) =>
        a.Info.Data is { } ofA && b.Info.Data is { } ofB && ofA != ofB
            ? [$"A was trained on '{ofA}' and B on '{ofB}': clean and noisy sides are A's."]
            : [];
}
