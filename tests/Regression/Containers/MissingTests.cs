using System.Diagnostics;
using Docker.DotNet.Models;
using NUnit.Framework.Internal;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>A suite that cannot run never looks like one that passed.</summary>
[Category("Container")]
public sealed class MissingTests
{
    [TestCase(null)]
    [TestCase("")]
    [TestCase("0")]
    public void Without_containers_a_test_is_skipped_with_the_reason(string? required)
    {
        using var isolated = new TestExecutionContext.IsolatedContext();
        FluentActions
            .Invoking(() => Missing.Report("no Docker daemon answers", required))
            .Should()
            .Throw<IgnoreException>()
            .WithMessage("no Docker daemon answers");
    }

    [Test]
    public void Where_containers_are_required_it_fails_with_the_reason()
    {
        using var isolated = new TestExecutionContext.IsolatedContext();
        FluentActions
            .Invoking(() => Missing.Report("no Docker daemon answers", "1"))
            .Should()
            .Throw<AssertionException>()
            .WithMessage("*SPEECHGAN_REQUIRE_CONTAINERS is 1, and the container suite cannot run: no Docker daemon answers*");
    }

    [Test]
    public async Task What_a_killed_suite_left_is_removed_and_what_a_living_one_has_stays()
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [typeof(Program).Assembly.Location, "hold"]
        )
        {
            RedirectStandardOutput = true,
        };
        using var suite = Process.Start(start)!;
        string? line;
        while ((line = await suite.StandardOutput.ReadLineAsync()) is not null && !line.StartsWith(Program.Holds, StringComparison.Ordinal))
            TestContext.Out.WriteLine(line);
        line.Should().NotBeNull("it tells its container and its network once both are there");
        var made = line![Program.Holds.Length..].Split(' ');
        await using var living = await Network.MakeAsync();
        (await Engine.ReapAsync()).Should().Be(0, "its process lives");
        (await Left(made![0])).Should().BeTrue();
        suite.Kill(); // SIGKILL: it has no chance to tidy up
        await suite.WaitForExitAsync();
        (await Left(made[0])).Should().BeTrue("nothing else removes it");
        (await Engine.ReapAsync()).Should().Be(2);
        (await Left(made[0])).Should().BeFalse();
        (await Engine.Client.Networks.ListNetworksAsync()).Select(n => n.Name).Should().Contain(living.Name).And.NotContain(made[1]);
    }

    private static async Task<bool> Left(string id) =>
        (await Engine.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true })).Any(c => c.ID == id);
}
