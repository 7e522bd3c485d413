using SpeechGan.Bisect;

namespace SpeechGan.Tests.Unit.Bisect;

/// <summary>A bisect across a change of the tensor engine: with injected trials, each of which names its host.</summary>
public sealed class EngineChangeTests
{
    private const string Old = "CPU; avx2; 2 cores; Linux; .NET 10; libtorch 1.13.0; BLAS libopenblas.so.0; 2 threads; cpu";
    private const string New =
        "CPU; avx2; 2 cores; Linux; .NET 10; libtorch 2.10.0 (AVX512, TorchSharp 0.107.0); BLAS MKL 2024.2; 2 threads; cpu";

    // Straight; the engine changes with `engine`.
    private static readonly string[] History = ["good", "a", "b", "engine", "d", "bad"];

    [Test]
    public void A_judge_that_holds_on_one_host_alone_is_not_asked_across_the_change()
    {
        var result = Run(fault: "engine", everywhere: false);
        result.End.Should().Be(BisectEnd.HostsDiffer);
        result.Suspects.Should().Equal("good", "bad");
        result.Trials.Should().HaveCount(2, "nothing is tried between ends that cannot be compared");
        result
            .BetweenEnds!.InWords.Should()
            .Be("from libtorch 1.13.0; BLAS libopenblas.so.0 to libtorch 2.10.0 (AVX512, TorchSharp 0.107.0); BLAS MKL 2024.2");
    }

    [Test]
    public void It_is_said_before_a_bad_end_that_seems_good_is() =>
        Run(fault: null, everywhere: false).End.Should().Be(BisectEnd.HostsDiffer);

    [Test]
    public void A_bound_names_the_commit_of_the_engine_and_says_that_the_engine_changed_with_it()
    {
        var result = Run(fault: "engine", everywhere: true);
        result.End.Should().Be(BisectEnd.Found);
        result.Suspects.Should().Equal("engine");
        result.WithCulprit.Should().Be(result.BetweenEnds);
        result
            .Notes.Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("The host changed with this commit, from libtorch 1.13.0;")
            .And.EndWith("Bisect each side of it alone to find what does.");
    }

    [TestCase("b")]
    [TestCase("d")]
    public void A_bound_names_another_commit_and_says_that_it_ran_on_its_parent_s_engine(string fault)
    {
        var result = Run(fault, everywhere: true);
        result.Suspects.Should().Equal(fault);
        result.WithCulprit.Should().BeNull();
        result.Notes.Should().ContainSingle().Which.Should().EndWith("; the named commit and its parent ran on the same.");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Runs_that_tell_no_host_and_runs_on_one_host_are_searched_as_ever(bool told)
    {
        var result = Run("b", everywhere: false, _ => told ? New : null);
        result.Suspects.Should().Equal("b");
        result.BetweenEnds.Should().BeNull();
        result.Notes.Should().BeEmpty();
    }

    [Test]
    public void What_a_host_has_more_than_another_is_named()
    {
        HostChange.Between("a; b", "a; b; DNNL=1").Should().Be(new HostChange("nothing more", "DNNL=1"));
        HostChange.Between("a; b", "a; b").Should().BeNull();
        HostChange.Between(null, "a").Should().BeNull();
    }

    private static CommitBisectResult Run(string? fault, bool everywhere, Func<string, string?>? host = null)
    {
        host ??= id => Array.IndexOf(History, id) >= Array.IndexOf(History, "engine") ? New : Old;
        var graph = CommitGraph.Between(History.Select((id, i) => new Commit(id, i == 0 ? [] : [History[i - 1]])), "good", "bad");
        return new CommitBisect(
            graph,
            (id, _) => Trial(id),
            (_, _) => Trial("good"),
            new CommitBisectOptions { HoldsOnEveryHost = everywhere }
        ).Run();

        TrialResult Trial(string id) =>
            new()
            {
                Outcome =
                    fault is not null && Array.IndexOf(History, id) >= Array.IndexOf(History, fault) ? TrialOutcome.Bad : TrialOutcome.Good,
                Detail = "",
                Host = host(id),
            };
    }
}
