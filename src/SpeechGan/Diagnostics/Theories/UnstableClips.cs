using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>PESQ of some clips jumps for inaudible noise; where these are many, the mean moves without the network.</summary>
public sealed class UnstableClips()
    : Theory(
        "unstable-clips",
        Severity.Serious,
        "Do changes of PESQ come from clips whose score jumps by itself?",
        "share of validation utterances whose PESQ moves by more than 0.1 when noise at -60 dB is added",
        "one clip in eight jumped on real cuts of 0.5 to 2 s and none on 3 or 4 s (docs/architecture.md, Numbers): the double of it "
            + "confirms"
    )
{
    /// <summary>Above this share it is suspected.</summary>
    public const double SuspectedAbove = 0.125;

    /// <summary>Above this share it is confirmed.</summary>
    public const double ConfirmedAbove = 0.25;

    private const string Moved = "pesq_wb_moved";
    private const double Unstable = 0.1;

    private static bool Measured(UtteranceEvaluation e) =>
        e.Split == ValidationHistory.Split && e.Epoch > 0 && e.Metrics.ContainsKey(Moved);

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var epoch = run.Evaluations.Where(Measured).Select(e => e.Epoch).DefaultIfEmpty().Max();
        List<UtteranceEvaluation> last = [.. run.EvaluationsOf(epoch).Where(Measured)];
        if (last.Count == 0)
            return NotMeasured("no validation utterance has a value for how far its PESQ moves under faint noise");

        var unstable = last.Where(e => e.Metrics[Moved] > Unstable).OrderByDescending(e => e.Metrics[Moved]).Select(e => e.Name).ToList();
        var share = (double)unstable.Count / last.Count;
        var counts = Say(
            $"{unstable.Count} of {last.Count} validation utterances ({100 * share:0.#} %) are unstable after epoch {last[0].Epoch}"
        );
        const string action =
            "Score longer cuts (evaluation.cutSeconds of 3 and more) or whole files (--set evaluation.cut=full), and judge changes by "
            + "utterances that are stable.";
        if (share > ConfirmedAbove)
            return Judged(
                FindingOutcome.Confirmed,
                share,
                ConfirmedAbove,
                Say($"above {100 * ConfirmedAbove:0.##} % confirms"),
                $"{counts}: {List(unstable)}. A change of the mean says little.",
                action,
                null,
                unstable
            );
        if (share > SuspectedAbove)
            return Judged(
                FindingOutcome.Suspected,
                share,
                SuspectedAbove,
                Say($"above {100 * SuspectedAbove:0.##} % is suspected"),
                $"{counts}: {List(unstable)}.",
                action,
                null,
                unstable
            );
        return Judged(
            FindingOutcome.Rejected,
            share,
            SuspectedAbove,
            Say($"up to {100 * SuspectedAbove:0.##} % rejects"),
            $"{counts}.",
            ""
        );
    }
}
