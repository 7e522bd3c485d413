using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Diagnostics;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Import;

/// <summary><c>tools/record.py</c> under a loop without torch (stand_in_loop.py): what it records gives the verdict that this program's own
/// record of the same steps gives.</summary>
public sealed class RecorderTests
{
    // What needs this program's own checks, weights, kernels, configuration or files.
    private static readonly string[] NeedsThisProgram =
    [
        "kernels-wrong",
        "label-leak",
        "scale-fault",
        "front-end-fault",
        "batch-dependence",
        "scoring-wrong",
        "loss-term-wrong",
        "discriminator-loss-wrong",
        "gradient-wrong",
        "update-wrong",
        "loading-wrong",
        "weights-stand-still",
        "update-too-large",
        "learning-rate-not-applied",
        "state-lost-at-resume",
        "data-faults",
        "recording-in-two-parts",
        "parts-differ",
        "running-statistics",
    ];

    private string folder = "";

    [SetUp]
    public void Make() => folder = Scratch.Create("record-");

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    private static IEnumerable<TestCaseData> Runs()
    {
        (string Name, RunRecord Run)[] runs =
        [
            ("healthy", Records.Healthy()),
            ("starved", Resummed(Records.Healthy(2).WithSteps(s => s.Step % 5 < 3 ? Masked(s) : s))),
            ("drowned", Records.Healthy(3).WithSteps(s => s with { GradientNorm = s.GradientNorm! with { Gan = 1e-5 } })),
            ("divergence", Records.Healthy(4).WithPesq(0, 0, 0, -0.3, -0.5, -0.7)),
            (
                "random-cuts",
                Records.Healthy(5) with
                {
                    Evaluations =
                    [
                        .. Records.Healthy(5).Evaluations.Select(e => e.Epoch > 0 ? e with { CutStart = e.CutStart + (31 * e.Epoch) } : e),
                    ],
                }
            ),
            ("constant", Resummed(Records.Healthy(6).WithSamples((_, x) => x with { Discriminator = 0.5 }))),
            (
                "one-order",
                Records.Healthy(7).WithSteps(s => s with { Samples = [.. s.Samples!.Select((x, i) => x with { Name = $"{s.Batch}-{i}" })] })
            ),
            ("training-mode", Records.Healthy(8).WithEpochs(e => e with { Validation = e.Validation! with { TrainingMode = true } })),
        ];
        return from run in runs
            from processes in new[] { 1, 2 }
            select new TestCaseData(run.Run, processes).SetArgDisplayNames(run.Name, processes == 1 ? "1 process" : "2 processes");
    }

    [TestCaseSource(nameof(Runs))]
    public void The_verdict_is_that_of_our_own_record_of_the_same_steps(RunRecord run, int processes)
    {
        Loop(run, processes);
        var back = Importer.Read(folder);
        back.Info.Import!.Kind.Should().Be(SourceKind.Record);
        back.Info.Import.Notes.Should().BeEmpty();
        back.Steps.Should().HaveCount(run.Steps.Count);
        back.Steps[0].Sources!["line"].Should().Be(processes == 1 ? "steps.rank0.jsonl:1" : "steps.rank0.jsonl:1 and steps.rank1.jsonl:1");
        var mine = Verdict.Of(run with { Config = null }).Findings.ToDictionary(f => f.Id);
        foreach (var theirs in Verdict.Of(back).Findings.Where(f => !NeedsThisProgram.Contains(f.Id)))
        {
            var own = mine[theirs.Id];
            (theirs.Outcome, theirs.SinceEpoch, theirs.Rule)
                .Should()
                .Be((own.Outcome, own.SinceEpoch, own.Rule), $"{theirs.Id}: '{theirs.Sentence}' against '{own.Sentence}'");
            if (own.Observed is { } observed)
                theirs.Observed.Should().BeApproximately(observed, 1e-9 * Math.Max(1, Math.Abs(observed)), theirs.Id);
        }
    }

    [Test]
    public void A_crash_leaves_whole_lines_and_a_restart_makes_void_what_stood_behind_it()
    {
        Python(
            """
            r = Recorder(folder)
            for i in range(1, 6): r.step(1, i, {"total": 1.0 / i}, stepped=True, disc_loss=0.1)
            open(folder + "/steps.rank0.jsonl", "a").write('{"epoch": 1, "st')
            r = Recorder(folder)
            r.step(1, 4, {"total": 9.0}, stepped=False)
            r.epoch(1)
            """
        );
        var run = Importer.Read(folder);
        run.Steps.Select(s => (s.Step, s.Loss.Total)).Should().Equal((1, 1.0), (2, 0.5), (3, 1.0 / 3), (4, 9.0));
        run.Info.Import!.Notes.Should()
            .Equal(
                "At steps.rank0.jsonl:6 the steps go back to 4: the training was begun again there, and 2 " + "lines before it are void."
            );
        run.Epochs.Single().TrainingRate.Should().Be(0.75);
    }

    [Test]
    public void What_is_not_finite_is_never_a_number()
    {
        Python(
            """
            r = Recorder(folder)
            a = {"name": "a", "pesq": float("nan")}
            b = {"name": "b", "pesq": 2.5, "discriminator": float("inf")}
            r.step(1, 1, {"total": float("nan"), "ri": 0.1}, samples=[a, b])
            r.evaluation(1, "a", {"pesq_wb": None, "si_sdr": 9.0}, reasons={"pesq_wb": "silent"})
            """
        );
        var run = Importer.Read(folder);
        (run.Steps[0].Loss.Total, run.Steps[0].Scored, run.Steps[0].Masked["not-finite"], run.Steps[0].Samples![1].Discriminator)
            .Should()
            .Be((null, 1, 1, null));
        run.Info.NonFinite!.Sentence.Should().Be("In step 1 loss.total is not finite: nan (steps.rank0.jsonl:1).");
        run.Evaluations[0].Unavailable.Should().Contain("pesq_wb", "silent");
        run.Evaluations[0].CutStart.Should().BeNull();
    }

    [Test]
    public void A_torn_last_line_is_passed_over_and_told()
    {
        var run = Importer.Read(
            Sources.Folder(
                (
                    "steps.rank0.jsonl",
                    Encoding.UTF8.GetBytes("{\"epoch\":1,\"step\":1,\"loss\":{\"total\":0.5}}\nnonsense\n{\"epoch\":1,\"step\":2")
                )
            ),
            null,
            [],
            null
        );
        run.Steps.Should().ContainSingle().Which.Unavailable["discriminatorStepped"].Should().Be("it was not given to Recorder.step");
        run.Info.Import!.Notes.Should()
            .Contain("steps.rank0.jsonl: its last line is cut off and was left out.")
            .And.Contain(n =>
                n.StartsWith("Lines of steps.rank0.jsonl that cannot be read and were left out: 1 (first: steps.rank0.jsonl:2: ")
            );
    }

    [Test]
    public void The_recorder_has_fewer_than_120_lines() =>
        File.ReadAllLines(Repository.PathOf("tools", "record.py")).Length.Should().BeLessThan(120);

    private void Loop(RunRecord run, int processes)
    {
        var input = Path.Combine(folder, "input.json");
        File.WriteAllText(
            input,
            JsonSerializer.Serialize(
                new
                {
                    run.Steps,
                    run.Epochs,
                    run.Evaluations,
                },
                RunJson.Line
            )
        );
        Run([
            Repository.PathOf("tests", "Unit", "Import", "stand_in_loop.py"),
            input,
            folder,
            processes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ]);
    }

    private void Python(string code) =>
        Run([
            "-B",
            "-c",
            $"import sys; sys.path.insert(0, sys.argv[1]); folder = sys.argv[2]\nfrom record import Recorder\n{code}",
            Repository.PathOf("tools"),
            folder,
        ]);

    private static void Run(string[] arguments)
    {
        using var python = Start(arguments);
        var said = python.StandardError.ReadToEnd();
        python.WaitForExit();
        python.ExitCode.Should().Be(0, said);
    }

    private static Process Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("python3 is not on this machine: tools/record.py was not run.");
            throw;
        }
    }

    // As a sample without a score stops the whole batch.
    private static StepTelemetry Masked(StepTelemetry step) =>
        step with
        {
            DiscriminatorStepped = false,
            DiscriminatorLoss = null,
            Scored = 0,
            Masked = new Dictionary<string, int> { ["silent-degraded"] = step.SampleCount!.Value },
            Samples = [.. step.Samples!.Select(x => x with { Pesq = null, Target = null, Masked = "silent-degraded" })],
        };

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
