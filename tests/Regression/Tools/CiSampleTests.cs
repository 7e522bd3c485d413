using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Tools;

/// <summary>The sample files for CI systems under those systems' own schemas, by validators that a machine may have; what the files call is
/// held against this checkout in the Unit suite.</summary>
[Platform("Linux")]
public sealed class CiSampleTests
{
    private const string HowToInstall = "install it with `npm install -g @action-validator/core @action-validator/cli gitlab-ci-local`";

    private readonly string root = Directory.CreateTempSubdirectory("speechgan-ci-").FullName;

    [OneTimeTearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void The_sample_for_GitHub_Actions_holds_against_the_schema_and_a_wrong_key_does_not()
    {
        var validator = OnPath("action-validator");
        var folder = Directory.CreateDirectory(Path.Combine(root, ".github", "workflows")).FullName;
        var sample = File.ReadAllText(Repository.PathOf("docs", "ci-sample.yml"));
        Validate(sample, "sound.yml").Should().Be(0);
        Validate(sample.Replace("runs-on:", "runs-onn:", StringComparison.Ordinal), "wrong.yml").Should().NotBe(0);

        int Validate(string text, string name)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            var end = Command.Run(root, validator, [Path.Combine(folder, name)]);
            TestContext.Out.WriteLine($"{name}: {end.ExitCode} {end.Output}");
            return end.ExitCode;
        }
    }

    [Test]
    public void The_sample_for_GitLab_holds_against_the_schema_and_a_wrong_value_does_not()
    {
        var validator = OnPath("gitlab-ci-local");
        var folder = Directory.CreateDirectory(Path.Combine(root, "gitlab")).FullName;
        var sample = File.ReadAllText(Repository.PathOf("docs", "ci-sample-gitlab.yml"));
        Command.Run(folder, "git", ["init", "-q", "."]).ExitCode.Should().Be(0);
        Command.Run(folder, "git", ["remote", "add", "origin", "git@gitlab.com:group/speechgan.git"]).ExitCode.Should().Be(0);
        var (code, output) = Validate(sample);
        code.Should().Be(0, output);
        output.Should().Contain("json schema validated");
        Validate(sample.Replace("when: always", "when: [sometimes]", StringComparison.Ordinal)).Code.Should().NotBe(0);

        (int Code, string Output) Validate(string text)
        {
            File.WriteAllText(Path.Combine(folder, ".gitlab-ci.yml"), text);
            var end = Command.Run(folder, validator, ["--list"]);
            TestContext.Out.WriteLine($"{end.ExitCode} {end.Output}");
            return end;
        }
    }

    private static string OnPath(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(f => Path.Combine(f, program))
            .FirstOrDefault(File.Exists);
        if (found is null)
            Assert.Ignore($"{program} is not on this machine: {HowToInstall}");
        return found!;
    }
}
