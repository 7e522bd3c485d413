using SpeechGan.Cli.Verbs;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Tests.Unit.Reports;
using SpeechGan.Tests.Unit.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Cli;

public sealed class ReportVerbTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove_it() => folder.Dispose();

    [Test]
    public void A_run_in_progress_without_corpus_or_checkpoint_has_a_page_that_says_so()
    {
        using var run = Create("run");
        var path = Write(data: null);
        path.Should().Be(folder["run", "report.html"]);
        var text = new PageReader(File.ReadAllText(path)).Text;
        text.Should()
            .Contain("SpeechGan report: run")
            .And.Contain("Running: this page shows what was recorded")
            .And.Contain("The run does not record its corpus. Give it with --data DIR to listen to it.");
        new PageReader(File.ReadAllText(Write(folder["gone"])))
            .Text.Should()
            .Contain("The corpus cannot be opened, so there is nothing to listen to:")
            .And.Contain(folder["gone"]);
    }

    [Test]
    public void Where_the_checkpoints_are_gone_clean_and_noisy_are_there_and_the_rest_has_a_reason()
    {
        using var run = Create("run");
        foreach (var name in new[] { "a", "t" })
            folder.WritePair("corpus/train", name, 16000);
        folder.WritePair("corpus/valid", "a", 16000);
        var page = new PageReader(File.ReadAllText(Write(folder["corpus"])));
        page.Tags.Count(t => t.Name == "audio").Should().Be(2);
        page.Text.Should()
            .Contain("The run has no checkpoint that can be used: nothing is enhanced.")
            .And.Contain("best There is no checkpoint.")
            .And.Contain("The corpus in " + folder["corpus"] + " has no utterance of this name.");
    }

    [Test]
    public void What_cannot_be_done_is_told_before_any_work()
    {
        using var run = Create("run");
        Refused(
            () => ReportVerb.Write([folder["run"]], folder["no", "x.html"], 1, null, null, default),
            $"The folder '{folder["no"]}' for the report does not exist. Create it, or correct --out."
        );
        Refused(
            () => ReportVerb.Write([folder["run"]], folder["run"], 1, null, null, default),
            $"--out '{folder["run"]}' is a folder; a report is one file.*"
        );
        Refused(
            () => ReportVerb.Write([folder["run"], folder["run"] + "/"], null, 1, null, null, default),
            $"The run '{folder["run"]}' is given twice. Give each run once."
        );
        Refused(
            () => ReportVerb.Write([folder["run"]], "/dev/none", 1, null, null, default),
            "--out '/dev/none' is a device; a report is a file. Give a file name, and copy that file where it is wanted."
        );
        Refused(() => ReportVerb.Write([folder["run"]], null, -1, null, null, default), "--utterances is -1; allowed is 0 to 100.");
        File.WriteAllText(folder["taken"], "");
        Refused(
            () => ReportVerb.Write([folder["run"]], null, 1, null, folder["taken"], default),
            $"--png '{folder["taken"]}' is a file; each chart becomes a file of its own. Name a folder; it is made if it does not exist."
        );
        File.Exists(folder["run", "report.html"]).Should().BeFalse();
    }

    [Test]
    public void Charts_are_written_as_pictures_where_that_is_asked_and_those_without_a_value_are_told()
    {
        using var run = Create("run");
        var (_, absent) = ReportVerb.Write([folder["run"]], null, 0, null, folder["pictures"], default);
        absent.Should().NotBeEmpty().And.OnlyContain(c => c.Absent!.EndsWith('.'));
        (Directory.GetFiles(folder["pictures"], "*.svg").Length + absent.Count).Should().Be(8);
    }

    [TestCase("speechgan train --data corpus --out run", "corpus")]
    [TestCase("speechgan.dll train --out run --data=a/b", "a/b")]
    [TestCase("speechgan train --data \"my corpus\" --out run", "my corpus")]
    [TestCase("speechgan train --out run", null)]
    [TestCase("speechgan train --data", null)]
    public void The_corpus_is_the_one_the_command_names(string command, string? corpus) =>
        CorpusOfRun.Find(ReportSamples.Run() with { Info = ReportSamples.Run().Info with { Command = command } }).Should().Be(corpus);

    [Test]
    public void Runs_are_named_by_as_much_of_their_path_as_tells_them_apart()
    {
        RunRecord At(params string[] parts) => ReportSamples.Run() with { Root = "/" + string.Join('/', parts) };
        ReportVerb.Labels([At("x", "a"), At("x", "b")]).Should().Equal("a", "b");
        ReportVerb.Labels([At("x", "a", "run"), At("x", "b", "run")]).Should().Equal("a/run", "b/run");
    }

    private static void Refused(Action act, string sentence) => act.Should().Throw<UsageException>().WithMessage(sentence);

    private string Write(string? data) => ReportVerb.Write([folder["run"]], null, 6, data, null, default).Path;

    private RunFolder Create(string name)
    {
        var run = RunFolder.Create(folder[name], RunConfig.FromPreset("tiny"), RunSamples.Start);
        run.Append(RunSamples.Stepped(1, 1));
        run.Append([ReportSamples.Scored(0, "a", 1.5, "noisy_"), ReportSamples.Scored(0, "b", 1.5, "noisy_")]);
        return run;
    }
}
