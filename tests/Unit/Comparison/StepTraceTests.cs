using SpeechGan.Comparison;

namespace SpeechGan.Tests.Unit.Comparison;

public sealed class StepTraceTests
{
    [Test]
    public void A_trace_reads_back_equal()
    {
        var trace = Trace(Node("generator.a", 1, 2, 3), Node("generator.b", double.NaN));
        StepTrace.Parse(trace.Write(), "file").Should().BeEquivalentTo(trace);
        StepTrace.Parse(trace.Write(), "file").Nodes[0].Read().Should().Equal(1, 2, 3);
    }

    [Test]
    public void What_is_no_whole_trace_is_refused_whatever_was_cut_off_or_changed()
    {
        var text = Trace(Node("generator.a", 1, 2, 3), Node("generator.b", 4)).Write();
        const int seed = 17;
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var broken = random.Next(2) == 0 ? text[..random.Next(text.Length)] : text.Remove(random.Next(text.Length), 1);
            try
            {
                // A letter less in a name is another name: sound, and the comparison sees it.
                StepTrace.Parse(broken, "file").Nodes.Should().HaveCount(2);
            }
            catch (ComparisonException e)
            {
                e.Message.Should().StartWith("'file' is ");
            }
        }

        FluentActions
            .Invoking(() => StepTrace.Parse("{}", "file"))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("'file' is no *trace of a step*");
        FluentActions
            .Invoking(() => StepTrace.Parse(text[..text.LastIndexOf("{\"module", StringComparison.Ordinal)], "file"))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("'file' is cut off: it has 1 of 2 tensors. Trace the step again.");
    }

    [Test]
    public void The_first_output_beyond_the_measured_bound_is_named_and_smaller_differences_are_rounding()
    {
        var exact = Trace(Node("g.a", 1.0), Node("g.b", 2.0), Node("g.c", 3.0));
        var single = Trace(Node("g.a", 1.0 + 1e-4), Node("g.b", 2.0), Node("g.c", 3.0));
        var bound = new TraceBound(single, exact);
        bound.Of(single.Nodes[0], false).Should().BeApproximately(1e-3, 1e-6, "ten times the distance of float32 and float64");
        bound.Of(single.Nodes[1], false).Should().Be(1.0 / (1 << 16), "256 roundings where float32 is exact by chance");
        bound.Of(single.Nodes[0], true).Should().BeApproximately(1e-3 / (1 << 29), 1e-12);

        var rounding = TraceComparison.Of(single, Trace(Node("g.a", 1.0009), Node("g.b", 2.00002), Node("g.c", 3.0)), bound);
        (rounding.First, rounding.BitsDiffer).Should().Be((null, 2));
        rounding.Sentence.Should().Be("Step 1: 2 of 3 tensors differ in bits, none by more than rounding explains.");
        var found = TraceComparison.Of(single, Trace(Node("g.a", 1.0009), Node("g.b", 2.01), Node("g.c", 9.0)), bound);
        found.First!.A.Module.Should().Be("g.b");
        found.Beyond.Should().Be(2);
        found
            .Sentence.Should()
            .StartWith(
                "Step 1: the first module that differs is g.b (Linear, [1]), output: relative distance 0.005, rounding explains 1.5E-05."
            );
    }

    [Test]
    public void Values_that_are_not_finite_or_of_other_sizes_are_beyond_every_bound()
    {
        TraceBound.Distance(Node("a", 1), Node("a", double.NaN)).Should().Be(double.PositiveInfinity);
        TraceBound.Distance(Node("a", double.NaN), Node("a", double.NaN)).Should().Be(0);
        TraceBound.Distance(Node("a", 1), Node("a", 1, 1)).Should().Be(double.PositiveInfinity);
        TraceBound.Distance(Node("a", 0), Node("a", 0)).Should().Be(0);
    }

    private static StepTrace Trace(params TraceNode[] nodes) =>
        new()
        {
            Label = "test",
            Step = 1,
            IsFloat64 = false,
            Nodes = nodes,
        };

    private static TraceNode Node(string module, params double[] values)
    {
        var bytes = new byte[values.Length * sizeof(double)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return new TraceNode
        {
            Module = module,
            Part = TracePart.Output,
            Kind = "Linear",
            Shape = [values.Length],
            Digest = string.Join(',', values),
            Values = Convert.ToBase64String(bytes),
        };
    }
}
