using NUnit.Framework.Internal;

namespace SpeechGan.Tests.Container;

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
        FluentActions.Invoking(() => Missing.Report("no Docker daemon answers", required)).Should().Throw<IgnoreException>().WithMessage("no Docker daemon answers");
    }

    [Test]
    public void Where_containers_are_required_it_fails_with_the_reason()
    {
        using var isolated = new TestExecutionContext.IsolatedContext();
        FluentActions.Invoking(() => Missing.Report("no Docker daemon answers", "1")).Should().Throw<AssertionException>()
            .WithMessage("*SPEECHGAN_REQUIRE_CONTAINERS is 1, and the container suite cannot run: no Docker daemon answers*");
    }

    [Test]
    public async Task What_a_killed_suite_left_is_removed_and_what_a_living_one_has_stays()
    {
        // No process has this number: Linux gives none above 4 194 304.
        await Docker.AsyncOf("create", "--label", "speechgan.owner=9999999-planted", "--name", "speechgan-test-orphan", Docker.Image);
        await Docker.AsyncOf("network", "create", "--internal", "--label", "speechgan.owner=9999999-planted", "speechgan-test-orphans");
        await using var living = await Network.MakeAsync();
        (await Docker.ReapAsync()).Should().BeGreaterThanOrEqualTo(2);
        (await Docker.AsyncOf("ps", "-a", "--filter", "name=speechgan-test-orphan", "--format", "{{.Names}}")).Should().BeEmpty();
        (await Docker.AsyncOf("network", "ls", "--filter", "name=speechgan-test-", "--format", "{{.Name}}")).Split('\n').Should().Contain(living.Name).And.NotContain("speechgan-test-orphans");
    }
}
