using System.Text.Json.Nodes;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>The version comes from git's tags, and a build goes on where git has nothing to say. MSBuild itself, on a project with this
/// repository's settings.</summary>
[Platform("Linux")]
public sealed class VersionTests
{
    private string root = "",
        tagged = "";

    [OneTimeSetUp]
    public void Make_a_repository()
    {
        root = Directory.CreateTempSubdirectory("speechgan-version-").FullName;
        tagged = Project("tagged");
        Git(tagged, "init", "--quiet");
        Commit(tagged, "first");
        Commit(tagged, "second");
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void Without_a_tag_it_is_the_first_one_to_come_and_the_number_of_commits() => Version(tagged).Should().Be("0.1.0-alpha.0.1");

    [Test, DependsOnTest(nameof(Without_a_tag_it_is_the_first_one_to_come_and_the_number_of_commits))]
    public void A_shallow_clone_without_tags_builds()
    {
        var shallow = Path.Combine(root, "shallow");
        Git(root, "clone", "--quiet", "--depth", "1", "--no-tags", "file://" + tagged, shallow);
        Version(shallow).Should().Be("0.1.0-alpha.0");
    }

    [Test, DependsOnTest(nameof(A_shallow_clone_without_tags_builds))]
    public void A_tag_is_the_version_and_commits_after_it_are_counted()
    {
        Git(tagged, "tag", "v1.2.3");
        Version(tagged).Should().Be("1.2.3");
        Commit(tagged, "third");
        Version(tagged).Should().Be("1.2.4-alpha.0.1");
        var worktree = Path.Combine(root, "worktree");
        Git(tagged, "worktree", "add", "--quiet", "--detach", worktree, "v1.2.3");
        Version(worktree).Should().Be("1.2.3");
    }

    [Test]
    public void Sources_without_a_repository_build() => Version(Project("archive")).Should().Be("0.1.0-alpha.0");

    [Test]
    public void A_machine_without_git_builds()
    {
        var path = Directory.CreateDirectory(Path.Combine(root, "path")).FullName;
        foreach (var program in new[] { "dotnet", "sh" })
            File.CreateSymbolicLink(
                Path.Combine(path, program),
                Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, program)).First(File.Exists)
            );
        Version(tagged, new Dictionary<string, string?> { ["PATH"] = path }).Should().Be("0.1.0-alpha.0");
    }

    // A project of no sources: MinVer is all it has.
    private string Project(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props" })
            File.Copy(Repository.PathOf(file), Path.Combine(folder, file));
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.targets"),
            $"""<Project><Import Project="{Repository.PathOf("tools", "msbuild", "Version.targets")}" /></Project>"""
        );
        File.WriteAllText(
            Path.Combine(folder, "p.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <ItemGroup><PackageReference Include="MinVer" PrivateAssets="all" /></ItemGroup>
            </Project>
            """
        );
        return folder;
    }

    private static string Version(string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var (code, said) = Sdk.Run(["restore", folder, "-v", "quiet"]);
        code.Should().Be(0, said);
        (code, said) = Sdk.Run(
            ["msbuild", folder, "-t:MinVer", "-getProperty:Version,InformationalVersion", "-nologo", "-warnaserror"],
            environment
        );
        code.Should().Be(0, said);
        var versions = JsonNode.Parse(said)!["Properties"]!;
        versions["InformationalVersion"]!.GetValue<string>().Should().Be(versions["Version"]!.GetValue<string>());
        return versions["Version"]!.GetValue<string>();
    }

    private static void Commit(string folder, string subject)
    {
        File.WriteAllText(Path.Combine(folder, subject + ".txt"), subject);
        Git(folder, "add", "*.props", "*.targets", "*.csproj", "*.txt");
        Git(folder, "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet", "-m", subject);
    }

    private static void Git(string folder, params string[] arguments)
    {
        var (code, said) = Command.Run(folder, "git", arguments);
        code.Should().Be(0, said);
    }
}
