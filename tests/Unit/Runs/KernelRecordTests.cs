using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Diagnostics;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>The self-test of kernels in run.json.</summary>
public sealed class KernelRecordTests
{
    private string parent = "";

    private string Root => Path.Combine(parent, "run");

    [SetUp]
    public void Make() => parent = Directory.CreateTempSubdirectory("speechgan-kernels-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(parent, recursive: true);

    [Test]
    public void Every_start_adds_what_it_found()
    {
        var first = Records.Kernels(
            Records.KernelCheck("feed forward"),
            Records.KernelCheck("dense block") with
            {
                Right = false,
                Forward = null,
                Fault = "the result is not finite",
            }
        );
        using (var folder = RunFolder.Create(Root, new RunConfig(), RunSamples.Start))
            folder.Note(first);
        using (var folder = RunFolder.Resume(Root, RunSamples.Start))
        {
            folder.Info.Kernels.Should().BeEquivalentTo([first]);
            folder.Note(first with { Device = "cuda:1" });
        }
        RunRecord.Load(Root).Info.Kernels.Select(k => k.Device).Should().Equal("cpu", "cuda:1");
    }

    [Test]
    public void A_record_without_it_is_read_as_it_was()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        var path = Path.Combine(Root, "run.json");
        var text = File.ReadAllText(path);
        text.Should().Contain("\"kernels\": []");
        File.WriteAllText(path, text.Replace("  \"kernels\": [],\n", "", StringComparison.Ordinal));
        File.ReadAllText(path).Should().NotContain("kernels");
        RunRecord.Load(Root).Info.Kernels.Should().BeEmpty();
        using var resumed = RunFolder.Resume(Root, RunSamples.Start);
        resumed.Info.Kernels.Should().BeEmpty();
    }
}
