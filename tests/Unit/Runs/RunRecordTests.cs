using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>Records as they are found: older, newer, damaged.</summary>
public sealed class RunRecordTests
{
    private string parent = "";

    private string Root => Path.Combine(parent, "run");

    [SetUp]
    public void CreateFolder() => parent = Directory.CreateTempSubdirectory("speechgan-record-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(parent, recursive: true);

    [Test]
    public void Older_and_newer_records_are_read_and_a_damaged_line_is_named()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        var path = Path.Combine(Root, "steps.jsonl");
        File.WriteAllText(
            path,
            """
            {"epoch":1,"step":1,"loss":{"total":0.5},"sampleCount":4,"discriminatorStepped":true,"discriminatorLoss":0.1,"invented":[1,2]}
            {"epoch":1,"step":
            {"epoch":1,"step":3,"loss":{},"sampleCount":4,"discriminatorStepped":false}

            """
        );

        var record = RunRecord.Load(Root);
        record.Steps.Select(s => s.Step).Should().Equal(1, 3);
        record.Steps[0].GradientNorm.Should().BeNull();
        record.Steps[0].Masked.Should().BeEmpty();
        record
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith($"'{path}', line 2: this is not a valid StepTelemetry and was left out (");
        (record.UnreadSteps, record.UnreadEpochs, record.UnreadEvaluations).Should().Be((1, 0, 0));
    }

    [Test]
    public void A_list_that_holds_null_is_a_damaged_line()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        File.WriteAllText(
            Path.Combine(Root, "steps.jsonl"),
            """{"epoch":1,"step":1,"loss":{},"sampleCount":4,"discriminatorStepped":false"""
                + ""","samples":[{"name":"a","masked":"silent-reference"},null]}"""
                + "\n"
        );
        var record = RunRecord.Load(Root);
        record.Steps.Should().BeEmpty();
        record
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("line 1: this is not a valid StepTelemetry and was left out (a list holds null).");

        var info = Path.Combine(Root, "run.json");
        File.WriteAllText(info, File.ReadAllText(info).Replace("\"resumptions\": []", "\"resumptions\": [null]", StringComparison.Ordinal));
        RunSamples.Refused(() => RunRecord.Load(Root), 2).Should().StartWith($"'{info}' is not a run record: a list holds null");
    }

    [Test]
    public void A_run_folder_without_a_name_is_refused_in_a_sentence() =>
        RunSamples
            .Refused(() => RunRecord.Load(""), 2)
            .Should()
            .Be("The name of a run folder is empty. Give the folder that was --out of a training.");

    [Test]
    public void Damaged_configuration_is_a_problem_of_the_record_and_refuses_resuming()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        File.WriteAllText(Path.Combine(Root, "config.json"), "{ \"sead\": 1 }");
        var sentence = $"{Path.Combine(Root, "config.json")}: there is no option 'sead'. Did you mean 'seed'?";

        RunRecord.Load(Root).Problems.Should().Equal(sentence);
        RunSamples.Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2).Should().Be(sentence);

        File.WriteAllText(Path.Combine(Root, "run.json"), "{}");
        RunSamples.Refused(() => RunRecord.Load(Root), 2).Should().StartWith($"'{Path.Combine(Root, "run.json")}' is not a run record: ");
    }
}
