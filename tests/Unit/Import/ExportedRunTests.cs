using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Diagnostics;

namespace SpeechGan.Tests.Unit.Import;

/// <summary>A run of this program that goes out as a table or as event files and comes back: the theories whose numbers are in those files
/// say the same.</summary>
public sealed class ExportedRunTests
{
    // What a table or event files hold nothing of: the samples, the oracles, the weights' moves, single utterances, the kernels and the
    // corpus.
    private static readonly string[] Held =
    [
        "discriminator-starved",
        "loss-balance",
        "loss-jump",
        "gradients-unstable",
        "loss-pesq-divergence",
        "non-finite-values",
    ];

    private static IEnumerable<TestCaseData> Runs()
    {
        yield return new TestCaseData(Records.Healthy()).SetArgDisplayNames("healthy");
        yield return new TestCaseData(
            Resummed(
                Records.Healthy(2).WithSteps(s => s.Step % 2 == 0 ? s with { DiscriminatorStepped = false, DiscriminatorLoss = null } : s)
            )
        ).SetArgDisplayNames("starved");
        yield return new TestCaseData(
            Records.Healthy(3).WithSteps(s => s with { GradientNorm = s.GradientNorm! with { Gan = 1e-5 } })
        ).SetArgDisplayNames("drowned");
        yield return new TestCaseData(
            Resummed(Records.Healthy(4).WithSteps(s => s.Step == 70 ? s with { Loss = s.Loss with { Total = 40 } } : s))
        ).SetArgDisplayNames("jump");
        yield return new TestCaseData(Records.Healthy(5).WithPesq(0, 0, 0, -0.3, -0.5, -0.7)).SetArgDisplayNames("divergence");
    }

    [TestCaseSource(nameof(Runs))]
    public void Event_files_give_the_same_findings(RunRecord run)
    {
        byte[] file =
        [
            .. EventEncoding.Version(1000),
            .. EventEncoding.Start(1000, 1),
            .. run.Epochs.SelectMany(e =>
                run.Steps.Where(s => s.Epoch == e.Epoch)
                    .SelectMany(s => EventEncoding.Scalars(1000, s.Step, EventScalars.Of(s)))
                    .Concat(EventEncoding.Scalars(1000, e.LastStep!.Value, EventScalars.Of(e)))
            ),
        ];
        var back = Importer.Read(Sources.Of("events.out.tfevents.1", file), null, [], null);
        back.Steps.Select(s => (s.Epoch, s.Step)).Should().Equal(run.Steps.Select(s => (s.Epoch, s.Step)));
        back.Epochs.Select(e => (e.BatchesSeen, e.BatchesStepped))
            .Should()
            .Equal(run.Epochs.Select(e => (e.BatchesSeen, e.BatchesStepped)));
        // Event files hold 32-bit floats.
        Compare(run, back, 1e-5);
    }

    [TestCaseSource(nameof(Runs))]
    public void A_table_gives_the_same_findings(RunRecord run)
    {
        string N(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        var rows = run.Epochs.SelectMany(e =>
            run.Steps.Where(s => s.Epoch == e.Epoch)
                .Select(s =>
                    $"{s.Epoch},{s.Step},{N(s.Loss.Total)},{N(s.DiscriminatorLoss)},{(s.DiscriminatorStepped == true ? 1 : 0)},"
                    + $"{N(s.GradientNorm!.Ri)},{N(s.GradientNorm.Magnitude)},{N(s.GradientNorm.Time)},{N(s.GradientNorm.Gan)},"
                    + $"{N(s.GradientNorm.Generator)},{N(s.GradientNorm.Discriminator)},"
                    + (s.Step == e.LastStep ? N(e.Validation!.Mean["pesq_wb"]) : "")
                )
        );
        var back = Sources.Read(
            "run.csv",
            "epoch,step,loss,disc_loss,disc_stepped,grad_ri,grad_magnitude,grad_time,grad_gan,grad_generator,grad_discriminator,pesq\n"
                + string.Join('\n', rows)
        );
        back.Steps.Select(s => (s.Epoch, s.Step, s.Loss.Total, s.DiscriminatorLoss))
            .Should()
            .Equal(run.Steps.Select(s => (s.Epoch, s.Step, s.Loss.Total, s.DiscriminatorLoss)));
        Compare(run, back, 1e-12);
    }

    private static void Compare(RunRecord run, RunRecord back, double allowed)
    {
        // Utterances are in neither file: the divergence is judged by the means on both sides.
        List<Finding> before = [.. Verdict.Of(run with { Evaluations = [] }).Findings],
            after = [.. Verdict.Of(back).Findings];
        foreach (var id in Held)
        {
            Finding mine = before.Single(f => f.Id == id),
                theirs = after.Single(f => f.Id == id);
            if (id == "gradients-unstable" && theirs.Outcome == FindingOutcome.NotMeasured)
                Assert.Fail($"{id}: {theirs.Sentence}");
            (theirs.Outcome, theirs.SinceEpoch, theirs.Rule)
                .Should()
                .Be((mine.Outcome, mine.SinceEpoch, mine.Rule), $"{id}: '{theirs.Sentence}' against '{mine.Sentence}'");
            if (mine.Observed is { } observed)
                theirs.Observed.Should().BeApproximately(observed, allowed * Math.Max(1, Math.Abs(observed)), id);
        }

        after
            .Where(f => f.Outcome == FindingOutcome.Confirmed)
            .Select(f => f.Id)
            .Should()
            .BeSubsetOf(
                before.Where(f => f.Outcome == FindingOutcome.Confirmed).Select(f => f.Id),
                "nothing is confirmed for what a file lacks"
            );
    }

    // Epochs' lines follow from the changed steps.
    private static RunRecord Resummed(RunRecord run) =>
        run.WithEpochs(e =>
            EpochSummary.Of(e.Epoch, [.. run.Steps.Where(s => s.Epoch == e.Epoch)]) with
            {
                BatchesPlanned = e.BatchesPlanned,
                GeneratorLearningRate = e.GeneratorLearningRate,
                Validation = e.Validation,
                BestEpoch = e.BestEpoch,
                BestPesq = e.BestPesq,
            }
        );
}
