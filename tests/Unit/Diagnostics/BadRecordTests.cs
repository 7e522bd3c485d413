using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>Records as disks, editors and clocks leave them: each gets a verdict, and a sentence that says what is wrong with the
/// record.</summary>
public sealed class BadRecordTests
{
    private string parent = "";

    private string Root => Path.Combine(parent, "run");

    [SetUp]
    public void Write()
    {
        parent = Directory.CreateTempSubdirectory("speechgan-bad-").FullName;
        var run = Records.Healthy();
        using var folder = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);
        folder.Append(run.Oracles);
        foreach (var step in run.Steps)
            folder.Append(step);
        foreach (var epoch in run.Epochs)
            folder.Append(epoch);
        folder.Append(run.Evaluations);
        File.WriteAllText(Path.Combine(Root, RunFolder.AuditName), JsonSerializer.Serialize(run.Audit, RunJson.Document));
        folder.Complete();
    }

    [TearDown]
    public void Remove() => Directory.Delete(parent, recursive: true);

    [Test]
    public void The_record_as_it_was_written_has_no_problem()
    {
        var verdict = Judged();
        verdict.Problems.Should().BeEmpty();
        verdict.HasConfirmed.Should().BeFalse();
    }

    [Test]
    public void A_line_with_NaN_is_left_out_and_named()
    {
        Change("steps.jsonl", lines =>
            [.. lines.Take(9), lines[9].Replace("\"total\":", "\"total\":NaN,\"was\":", StringComparison.Ordinal), .. lines.Skip(10)]
        );
        var verdict = Judged();
        verdict
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("steps.jsonl', line 10: this is not a valid StepTelemetry and was left out (");
        verdict.HasConfirmed.Should().BeFalse();
    }

    [TestCase(0.97, "steps.jsonl' was cut off or edited: ")]
    [TestCase(0.5, "steps.jsonl' was cut off or edited: ")]
    [TestCase(0.1, "steps.jsonl' was cut off or edited: ")]
    public void Steps_cut_off_in_a_finished_run_are_damage_of_the_file_and_no_lost_batches(double share, string problem)
    {
        var path = Path.Combine(Root, "steps.jsonl");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(share * bytes.Length)]);
        var verdict = Judged();
        verdict.Problems.Should().ContainSingle().Which.Should().Contain(problem).And.EndWith("Restore it, and diagnose again.");
        verdict
            .Findings.Single(f => f.Id == "batches-lost")
            .Outcome.Should()
            .NotBe(FindingOutcome.Confirmed)
            .And.NotBe(FindingOutcome.Suspected);
        verdict.HasConfirmed.Should().BeFalse(verdict.Summary);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_run_without_steps_is_judged_by_its_epochs_and_says_what_is_missing(bool removed)
    {
        var path = Path.Combine(Root, "steps.jsonl");
        if (removed)
            File.Delete(path);
        else
            File.WriteAllText(path, "");
        var verdict = Judged();
        verdict
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .EndWith(
                "steps.jsonl' has no line that can be read, and the epochs count 180 steps: what only steps show was not judged. "
                    + "Restore it, and diagnose again."
            );
        verdict.HasConfirmed.Should().BeFalse(verdict.Summary);
    }

    [TestCase("epochs.jsonl", "epoch 1 stands after epoch 6")]
    [TestCase("steps.jsonl", "step 1 stands after step 180")]
    public void Lines_out_of_order_are_put_in_order_and_told(string file, string what)
    {
        var before = Judged().Findings;
        Change(file, lines => [.. lines.Skip(1), lines[0]]);
        var verdict = Judged();
        verdict.Problems.Should().ContainSingle().Which.Should().Contain($"{file}': {what}. The lines were put in order");
        verdict.Findings.Should().BeEquivalentTo(before, o => o.WithStrictOrdering());
    }

    [Test]
    public void A_clock_set_back_is_told_and_judges_nothing()
    {
        var path = Path.Combine(Root, "run.json");
        var text = File.ReadAllText(path);
        var ended = JsonDocument.Parse(text).RootElement.GetProperty("ended").GetString()!;
        File.WriteAllText(path, text.Replace(ended, "2001-01-01T00:00:00+00:00", StringComparison.Ordinal));
        var verdict = Judged();
        verdict
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("The clock was set back while the run lasted: it started at ")
            .And.Contain("ended at 2001-01-01 00:00:00Z");
        verdict.HasConfirmed.Should().BeFalse();
    }

    [Test]
    public void A_thousand_epochs_are_judged()
    {
        var run = Records.Healthy();
        var last = run.Epochs[^1];
        Change("epochs.jsonl", lines =>
            [
                .. lines,
                .. Enumerable
                    .Range(7, 994)
                    .Select(e => lines[^1].Replace($"\"epoch\":{last.Epoch},", $"\"epoch\":{e},", StringComparison.Ordinal)),
            ]
        );
        File.Delete(Path.Combine(Root, "steps.jsonl"));
        var verdict = Judged();
        verdict.Summary.Should().NotBeEmpty();
        verdict.HasConfirmed.Should().BeFalse(verdict.Summary);
    }

    private void Change(string file, Func<string[], IEnumerable<string>> change)
    {
        var path = Path.Combine(Root, file);
        File.WriteAllText(path, string.Concat(change(File.ReadAllLines(path)).Select(l => l + "\n")));
    }

    private Verdict Judged()
    {
        var verdict = Verdict.Of(RunRecord.Load(Root));
        verdict.Summary.Should().NotBeNullOrEmpty();
        verdict.ToJson().Should().NotContain("NaN");
        return verdict;
    }
}
