using System.Globalization;
using System.Text.RegularExpressions;
using SpeechGan.Data;
using SpeechGan.Metrics;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>What `dotnet pack` makes is installed from a folder, with another home and no package cache, and works: the tool, and the
/// metrics as the document's program uses them.</summary>
[Platform("Linux")]
internal sealed partial class PackageTests
{
    private readonly string root = Directory.CreateTempSubdirectory("speechgan-pack-").FullName;

    private string Packages => Path.Combine(root, "packages");

    private Dictionary<string, string?> Elsewhere =>
        new()
        {
            ["HOME"] = Path.Combine(root, "home"),
            ["DOTNET_CLI_HOME"] = Path.Combine(root, "home"),
            ["NUGET_PACKAGES"] = Path.Combine(root, "home", "cache"),
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["CI"] = null,
        };

    [OneTimeSetUp]
    public void Make_a_place()
    {
        Directory.CreateDirectory(Path.Combine(root, "home"));
        // The folder alone: nothing is asked of any other source.
        File.WriteAllText(
            Path.Combine(root, "NuGet.Config"),
            $"""<configuration><packageSources><clear /><add key="here" value="{Packages}" /></packageSources></configuration>"""
        );
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void The_tool_is_installed_from_a_folder_and_trains()
    {
        Pack("src/SpeechGan");
        string[] files =
        [
            .. Directory
                .GetFiles(Packages, "SpeechGan.*.nupkg")
                .Where(f => !f.Contains("Metrics", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        files.Should().HaveCount(2, "one chooses among the platforms' ones");
        new FileInfo(files[0]).Length.Should().BeLessThan(100_000, "it holds no program");
        new FileInfo(files[1]).Length.Should().BeGreaterThan(100_000_000, "it holds libtorch");

        var tools = Path.Combine(root, "tools");
        Run(
            "dotnet",
            "tool",
            "install",
            "SpeechGan",
            "--prerelease",
            "--tool-path",
            tools,
            "--configfile",
            Path.Combine(root, "NuGet.Config")
        );
        var program = Path.Combine(tools, "speechgan");
        var version = Run(program, "--version").Trim();
        files[0].Should().EndWith($"SpeechGan.{version.Split('+')[0]}.nupkg");
        Run(program, "doctor").Should().Contain("libtorch").And.NotContain("MISSING");

        using var place = new Workplace();
        var run = Path.Combine(root, "run");
        Run(program, SmallRun.Command(place.Corpus, run));
        Run(program, "report", run, "--utterances", "1", "--data", place.Corpus, "--png", Path.Combine(root, "pictures"))
            .Should()
            .NotContain("Unsupported", "Skia has nothing to complain of");
        Directory.GetFiles(Path.Combine(root, "pictures"), "*.png").Should().NotBeEmpty("SkiaSharp's library came along");
        var end = Command.Buffered(
            root,
            program,
            ["bisect", "commits", "--good", "a", "--bad", "b", "--repo", root, "--", "true"],
            Elsewhere
        );
        end.StandardError.Should().Contain("is not in a git repository", "libgit2 came along");
    }

    [Test]
    public void The_program_of_the_document_scores_with_the_metrics_alone()
    {
        Pack("tools/metrics-package");
        var package = Directory.GetFiles(Packages, "SpeechGan.Metrics.*.nupkg").Single();
        new FileInfo(package).Length.Should().BeLessThan(2_000_000);
        var program = Code().Match(File.ReadAllText(Repository.PathOf("docs", "use-in-your-program.md"))).Groups[1].Value;
        program.Should().Contain("Pesq.Score(");
        var scores = Directory.CreateDirectory(Path.Combine(root, "Scores")).FullName;
        File.WriteAllText(Path.Combine(scores, "Program.cs"), program);
        File.WriteAllText(
            Path.Combine(scores, "Scores.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="SpeechGan.Metrics" Version="{Path.GetFileNameWithoutExtension(package)[
                "SpeechGan.Metrics.".Length..
            ]}" /></ItemGroup>
            </Project>
            """
        );
        Run("dotnet", "build", scores, "-o", Path.Combine(root, "built"), "--nologo", "-v", "quiet", "-warnaserror");
        Directory
            .GetFiles(Path.Combine(root, "built"), "*.dll")
            .Select(f => Path.GetFileName(f))
            .Should()
            .BeEquivalentTo("Scores.dll", "SpeechGan.Metrics.dll");

        string clean = Repository.PathOf("golden", "corpus", "valid", "clean", "va01-white-20dB.wav"),
            noisy = clean.Replace("clean", "noisy", StringComparison.Ordinal);
        var said = Run("dotnet", Path.Combine(root, "built", "Scores.dll"), clean, noisy);
        var expected = ScoreSet.Of(
            AudioFile.Read(clean).Mono(ChannelPolicy.Refuse),
            AudioFile.Read(noisy).Mono(ChannelPolicy.Refuse),
            16000
        );
        expected[Metric.PesqWideBand].TryGet(out var pesq).Should().BeTrue();
        said.Split('\n')[0].Should().Be(string.Create(CultureInfo.InvariantCulture, $"PESQ {pesq:F4}"));
        foreach (var (metric, result) in expected.Results)
            said.Should()
                .Contain(
                    result.HasValue ? string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {result.Value:F4}") : metric.Name + ": "
                );
    }

    private void Pack(string project)
    {
        // Artifacts of their own: the tree's obj folders stay as they are. Analyzers have seen the sources already.
        var (code, said) = Sdk.Run(
            "pack",
            project,
            "-c",
            "Release",
            "-o",
            Packages,
            "--artifacts-path",
            Path.Combine(root, "artifacts"),
            "--nologo",
            "-v",
            "quiet",
            "-p:RunAnalyzers=false",
            "--disable-build-servers"
        );
        code.Should().Be(0, said);
    }

    private string Run(string program, params string[] arguments)
    {
        var (code, said) = Command.Run(root, program, arguments, Elsewhere);
        code.Should().Be(0, said);
        return said;
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
