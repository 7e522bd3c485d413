namespace SpeechGan.Tests.Unit.Runs;

/// <summary>A place for one run, new for each test.</summary>
public abstract class RunFolderFixture
{
    /// <summary>The folder that exists.</summary>
    protected string Parent { get; private set; } = "";

    /// <summary>Folder of the run in it, which a test makes.</summary>
    protected string Root => Path.Combine(Parent, "run");

    [SetUp]
    public void CreateParent() => Parent = Directory.CreateTempSubdirectory("speechgan-run-").FullName;

    [TearDown]
    public void DeleteParent() => Directory.Delete(Parent, recursive: true);
}
