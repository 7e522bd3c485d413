using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>Another trainer's record from the command line to the verdict and the page: the process itself, as a user starts it.</summary>
public sealed class ImportVerbTests
{
    private const string Log = """
        INFO:root:Epoch 0, Step 2000, loss: 0.0698222815990448, disc_loss: 0.003855810035020113
        INFO:root:Epoch time: 5668.203575849533
        GPU: 0, Generator loss: 0.1086, Discriminator loss: 0.0042
        pesq: 2.94 csig: 4.1 cbak: 3.5 covl: 3.6 ssnr: 9.5 stoi: 0.96
        """;

    private string root = "";

    [SetUp]
    public void Make() => root = Directory.CreateTempSubdirectory("speechgan-import-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task The_mission_s_table_becomes_a_run_with_a_verdict_and_a_page()
    {
        var run = Path.Combine(root, "mission");
        var (code, output, error) = await Say("import", Repository.PathOf("docs", "examples", "mission.csv"), "--out", run);
        code.Should().Be(0, error);
        output
            .Should()
            .Contain("Read as csv: the table 'mission.csv', 3 epochs, 0 steps, 0 utterances.")
            .And.Contain("pesq = PESQ (guessed by its name; --map changes it)")
            .And.Contain($"Next: speechgan diagnose {run}");

        (code, output, error) = await Say("diagnose", run, "--fail-on", "confirmed");
        code.Should().Be(1, error);
        output
            .Should()
            .Contain("from epoch 7 on")
            .And.Contain("\"The batch size breaks InstanceNorm.\" No cause")
            .And.Contain("What to measure next, in this order:")
            .And.Contain("1. On which batches the discriminator was updated.");
        File.ReadAllText(Path.Combine(run, "verdict.json")).Should().Contain("\"measure\"").And.Contain("\"settled\"");

        (code, _, error) = await Say("report", run);
        code.Should().Be(0, error);
        File.ReadAllText(Path.Combine(run, "report.html")).Should().Contain("Imported as csv from the table");

        (code, _, error) = await Say("import", Repository.PathOf("docs", "examples", "mission.csv"), "--out", run);
        code.Should().Be(2);
        error.Should().Contain("already. Choose another folder with --out; it is never overwritten.");
    }

    [Test]
    public async Task A_pasted_log_is_recognised_and_compared_with_another_run()
    {
        string log = Path.Combine(root, "train.log"),
            run = Path.Combine(root, "log"),
            table = Path.Combine(root, "table");
        File.WriteAllText(log, Log);
        (await Say("import", log, "--out", run))
            .Output.Should()
            .Contain("Read as cmgan: the CMGAN trainer's log 'train.log', 1 epoch, 1 step");
        (await Say("import", Repository.PathOf("docs", "examples", "mission.csv"), "--out", table)).Code.Should().Be(0);
        (await Say("diagnose", table, "--baseline", run))
            .Output.Should()
            .Contain("loss-pesq-divergence: confirmed here, not measured there");
        var record = RunRecord.Load(run);
        record.Problems.Should().BeEmpty();
        record.Steps.Single().Sources.Should().Contain("loss.total", "train.log:1");
    }

    [Test]
    public async Task An_imported_run_is_pinned_approved_and_holds_later_ones()
    {
        foreach (var (name, pesq) in new[] { ("a", "2,4"), ("b", "2,5"), ("c", "2,45"), ("worse", "1,9") })
        {
            File.WriteAllText(Path.Combine(root, name + ".csv"), $"epoch;loss;pesq\n1;0,3;2,0\n2;0,2;{pesq}\n");
            var (imported, said, _) = await Say("import", Path.Combine(root, name + ".csv"), "--out", Path.Combine(root, name));
            imported.Should().Be(0);
            said.Should().Contain("Its numbers have a decimal comma: '0,3'");
        }

        string Run(string name) => Path.Combine(root, name);
        var store = Path.Combine(root, "goldens");
        var (code, output, error) = await Say("golden", "pin", "mine", "--run", Run("a"), Run("b"), "--store", store);
        code.Should().Be(0, error);
        output.Should().Contain("mean.pesq_wb").And.Contain("3 x 0.1, the largest distance");
        (await Say("golden", "check", "mine", "--run", Run("c"), "--store", store)).Code.Should().Be(1);
        (code, output, error) = await Say("golden", "diff", "mine", "--store", store);
        code.Should().Be(1, error);
        output.Should().Contain("Golden 'mine' would be the first of its name: imported record (csv: the table 'a.csv')");
        (code, output, error) = await Say("golden", "approve", "mine", "--store", store, "--yes", "--reason", "first");
        code.Should().Be(0, error);
        (code, output, error) = await Say("golden", "check", "mine", "--run", Run("c"), "--store", store);
        code.Should().Be(0, error);
        output.Should().Contain("Golden 'mine': within tolerance over 2 epochs");
        (code, output, error) = await Say("golden", "check", "mine", "--run", Run("worse"), "--store", store, "--json");
        code.Should().Be(1, error);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        var golden = json.RootElement.GetProperty("goldens")[0];
        (golden.GetProperty("state").GetString(), golden.GetProperty("firstDivergentEpoch").GetInt32()).Should().Be(("differs", 2));
        (await Say("golden", "list", "--store", store)).Output.Should().Contain("mine").And.Contain("approved; another one waits");
        (await Say("golden", "history", "mine", "--store", store)).Output.Should().Contain("first");
    }

    [Test]
    public async Task Imported_runs_are_compared_by_what_both_hold()
    {
        string table = Path.Combine(root, "b.csv"),
            a = Path.Combine(root, "a"),
            b = Path.Combine(root, "b"),
            page = Path.Combine(root, "page.html");
        File.WriteAllText(table, "epoch,loss,PESQ\n2,0.1098,2.64\n7,0.1050,2.5\n14,0.1092,2.5\n");
        (await Say("import", Repository.PathOf("docs", "examples", "mission.csv"), "--out", a)).Code.Should().Be(0);
        (await Say("import", table, "--out", b)).Code.Should().Be(0);
        var (code, output, error) = await Say("compare", a, b, "--out", page);
        code.Should().Be(125, error);
        output
            .Should()
            .Contain("first at epoch 7, validation.mean.pesq_wb: A 2.21, B 2.5, relative distance 0.12.")
            .And.Contain("Spread of one seed: not measurable from these two")
            .And.Contain("--assert within: cannot be judged.");
        File.ReadAllText(page).Should().Contain("<section id=\"comparison\">").And.Contain("validation.mean.pesq_wb");
        (await Say("compare", a, b, "--assert", "equal", "--json")).Code.Should().Be(1);
    }

    [TestCase("golden check x --run {run}", "An imported run is checked with both --run RUN and --store DIR")]
    [TestCase("golden check x --run {run} --store {run}/nowhere", "is not an existing folder. `speechgan golden pin NAME")]
    [TestCase("golden check x --run {run} --store {run} --trend t", "--trend is for scenarios that are trained")]
    [TestCase("golden pin x --store {run}2", "Say which run is pinned: --run RUN")]
    [TestCase("golden pin x --run {run} --store {run}2 --tolerance pesq=0.1", "--tolerance pesq=0.1 needs --because TEXT")]
    [TestCase("golden pin x --run {run} --store {run}2 --tolerance pesq --because y", "--tolerance 'pesq' is not FIELD=VALUE")]
    [TestCase("golden pin x --run {run} --store {run}2 --because y", "--because is the reason of --tolerance FIELD=VALUE")]
    [TestCase("golden diff x --store {run}", "There is no golden 'x' in '{run}'; it has none.")]
    [TestCase("compare {run} {run}", "are the same run folder. Give two.")]
    [TestCase("diagnose {run} --probe", "probes replay a run of this program from its checkpoint. Diagnose it without --probe.")]
    [TestCase("train --resume --out {run} --data {run}", "cannot be resumed: it has no checkpoint of this program.")]
    [TestCase("evaluate --checkpoint {run} --data {run}", "has no checkpoint that can be used")]
    [TestCase("import {run}/nothing --out {run}2", "There is no file or folder '{run}/nothing'.")]
    [TestCase("import {run}/run.json --out {run}2 --from xml", "Argument 'xml' not recognized.")]
    [TestCase("import {run}/run.json --out {run}2 --from cmgan", "holds no line of the CMGAN trainer's log")]
    [TestCase("import {run}/epochs.jsonl --out {run}2 --map loss", "--map 'loss' is not FIELD=COLUMN")]
    [TestCase("enhance --checkpoint {run}/x.pt {run} {run}3", "The folder '{run}' holds no audio file")]
    public async Task What_an_imported_run_cannot_do_is_said_with_exit_code_2(string command, string sentence)
    {
        var run = Path.Combine(root, "run");
        (await Say("import", Repository.PathOf("docs", "examples", "mission.csv"), "--out", run)).Code.Should().Be(0);
        var (code, _, error) = await Say([.. command.Split(' ').Select(w => w.Replace("{run}", run))]);
        error.Should().Contain(sentence.Replace("{run}", run)).And.NotContain("   at ");
        code.Should().Be(2);
    }

    private static async Task<(int Code, string Output, string Error)> Say(params string[] arguments)
    {
        // Goldens are pinned and approved by a person: on continuous integration they are refused.
        using var child = Child.Start(null, 0, null, arguments, new Dictionary<string, string> { ["CI"] = "" });
        return await child.EndAsync();
    }
}
