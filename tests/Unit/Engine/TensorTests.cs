using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Operators, indices, bytes, gradients and errors of the engine.</summary>
[RequiresTensorEngine]
internal sealed class TensorTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void Open() => scope = NewDisposeScope();

    [TearDown]
    public void Close() => scope.Dispose();

    [Test]
    public void An_error_names_the_operator_and_keeps_libtorch_s_words()
    {
        var failing = () => zeros(2, 3).mm(zeros(2, 3));
        failing.Should().Throw<ExternalException>().WithMessage("aten::mm: *shapes cannot be multiplied*2x3*");
    }

    [Test]
    public void An_error_in_backward_names_it()
    {
        var x = ones(3, requires_grad: true);
        FluentActions.Invoking(() => (x * 2).backward()).Should().Throw<ExternalException>().WithMessage("backward: grad can be implicitly created only for scalar outputs*");
    }

    [TestCase(ScalarType.Float32, 1e-7)]
    [TestCase(ScalarType.Float64, 1e-16)]
    public void A_number_type_is_kept_and_has_its_precision(ScalarType type, double precision)
    {
        var third = ones(1, type) / 3;
        third.dtype.Should().Be(type);
        third.ToDouble().Should().BeApproximately(1.0 / 3, precision);
        if (type == ScalarType.Float32)
            third.ToDouble().Should().NotBe(1.0 / 3);
    }

    [Test]
    public void Bytes_go_in_and_come_out_bit_for_bit()
    {
        var random = new Random(7);
        var bytes = new byte[4 * 24];
        random.NextBytes(bytes);
        var t = zeros([2, 3, 4], float32);
        t.bytes = bytes;
        t.bytes.ToArray().Should().Equal(bytes);
        MemoryMarshal.Cast<float, int>(t.data<float>().ToArray()).ToArray().Should().Equal(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), "row-major");
    }

    [Test]
    public void Bytes_of_another_length_and_of_a_view_are_refused()
    {
        FluentActions.Invoking(() => zeros(3).bytes = new byte[11]).Should().Throw<ArgumentException>().WithMessage("*12 bytes, 11 were given*");
        FluentActions.Invoking(() => zeros(2, 3).t().bytes.Length).Should().Throw<InvalidOperationException>().WithMessage("*contiguous*");
    }

    [Test]
    public void Elements_of_another_type_are_refused() =>
        FluentActions.Invoking(() => zeros(3).data<double>()).Should().Throw<ArgumentException>().WithMessage("*Float32*Double*");

    [Test]
    public void An_accessor_reads_views_in_their_order()
    {
        var t = arange(6, float32).view(2, 3).t();  // [3, 2]
        t.data<float>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        t.data<float>()[2, 1].Should().Be(5);
    }

    [Test]
    public void Indices_select_slice_and_add_axes()
    {
        var t = arange(24, ScalarType.Int64).view(2, 3, 4);
        t[1, 2, 3].ToInt64().Should().Be(23);
        t[-1, -1, -1].ToInt64().Should().Be(23);
        t[1].shape.Should().Equal(3, 4);
        t[TensorIndex.Ellipsis, TensorIndex.Slice(1, 3)].shape.Should().Equal(2, 3, 2);
        t[TensorIndex.Colon, TensorIndex.Single(0)].shape.Should().Equal(2, 4);
        t[TensorIndex.None, TensorIndex.Ellipsis, TensorIndex.Slice(0, 4, 2)].shape.Should().Equal(1, 2, 3, 2);
        t[TensorIndex.Ellipsis, 1].data<long>().ToArray().Should().Equal(1, 5, 9, 13, 17, 21);
    }

    [Test]
    public void A_split_may_have_many_parts()
    {
        var t = arange(1000, ScalarType.Int64);
        t.split(1).Select(p => p.ToInt64()).Should().Equal(Enumerable.Range(0, 1000).Select(k => (long)k));
        t.split(300).Select(p => p.shape[0]).Should().Equal(300, 300, 300, 100);
        t.chunk(500).Should().HaveCount(500);
        t.unbind().Should().HaveCount(1000);
    }

    [Test]
    public void Division_rounds_as_asked()
    {
        var t = tensor(new[] { -7.0, 7.0 });
        t.div(2, RoundingMode.floor).data<double>().ToArray().Should().Equal(-4, 3);
        t.div(2, RoundingMode.trunc).data<double>().ToArray().Should().Equal(-3, 3);
        t.div(tensor(2.0)).data<double>().ToArray().Should().Equal(-3.5, 3.5);
    }

    [Test]
    public void In_place_functions_change_their_input_and_return_it()
    {
        var t = tensor(new[] { -1.0, 2.0 });
        nn.functional.relu(t, inplace: true).Should().BeSameAs(t);
        t.data<double>().ToArray().Should().Equal(0, 2);
    }

    [Test]
    public void Backward_adds_gradients_and_grad_leaves_leaves_alone()
    {
        var x = tensor(new[] { 1.0, 2.0 }).requires(true);
        var y = x.square().sum();
        var g = autograd.grad([y], [x], retain_graph: true)[0];
        g.data<double>().ToArray().Should().Equal(2, 4);
        x.grad.Should().BeNull();
        y.backward(retain_graph: true);
        y.backward();
        x.grad!.data<double>().ToArray().Should().Equal(4, 8);
        x.grad = null;
        x.grad.Should().BeNull();
    }

    [Test]
    public void A_gradient_can_be_given_to_backward()
    {
        var x = tensor(new[] { 1.0, 2.0 }).requires(true);
        autograd.backward([x * 3], [tensor(new[] { 1.0, 10.0 })]);
        x.grad!.data<double>().ToArray().Should().Equal(3, 30);
    }

    [Test]
    public void Gradients_of_gradients_are_there_when_asked_for()
    {
        var x = tensor(3.0).requires(true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        autograd.grad([first], [x])[0].ToDouble().Should().Be(18);
    }

    [Test]
    public void A_tensor_that_takes_no_part_is_an_error_unless_allowed()
    {
        Tensor x = tensor(1.0).requires(true), y = tensor(1.0).requires(true);
        FluentActions.Invoking(() => autograd.grad([x * 2], [y])).Should().Throw<ExternalException>().WithMessage("grad: *not have been used in the graph*");
        autograd.grad([x * 2], [y], allow_unused: true)[0].IsInvalid.Should().BeTrue();
    }

    [Test]
    public void Gradient_modes_nest_and_end_in_reverse()
    {
        is_grad_enabled().Should().BeTrue();
        using (no_grad())
        {
            is_grad_enabled().Should().BeFalse();
            using (enable_grad())
                is_grad_enabled().Should().BeTrue();
            using (no_grad())
                is_grad_enabled().Should().BeFalse();
            is_grad_enabled().Should().BeFalse();
            (ones(1, requires_grad: true) * 2).requires_grad.Should().BeFalse();
        }
        is_grad_enabled().Should().BeTrue();
    }

    [Test]
    public void The_same_seed_gives_the_same_numbers_and_a_state_continues_them()
    {
        manual_seed(11);
        initial_seed().Should().Be(11);
        var first = randn(5).data<float>().ToArray();
        var state = get_rng_state();
        var second = randn(5).data<float>().ToArray();
        manual_seed(11);
        randn(5).data<float>().ToArray().Should().Equal(first);
        set_rng_state(state);
        randn(5).data<float>().ToArray().Should().Equal(second);
        second.Should().NotEqual(first);
    }

    [Test]
    public void The_number_of_threads_is_what_was_set()
    {
        var before = get_num_threads();
        set_num_threads(1);
        get_num_threads().Should().Be(1);
        set_num_threads(2);
        get_num_threads().Should().Be(2);
        set_num_threads(before);
    }

    [Test]
    public void A_copy_elsewhere_is_another_tensor_and_the_same_type_is_not()
    {
        var t = ones(2);
        t.to(float64).dtype.Should().Be(float64);
        var same = t.to(float32);
        same.add_(1);
        t.sum().ToDouble().Should().Be(4, "no copy is made where nothing changes");
        t.to(float32, copy: true).add_(1);
        t.sum().ToDouble().Should().Be(4);
    }

    [Test]
    public void Modules_list_their_tensors_in_order_of_registration()
    {
        using var net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2));
        net.state_dict().Keys.Should().Equal("0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked");
        net.parameters().Should().HaveCount(4);
        net.train(false);
        net.modules().Should().OnlyContain(m => !m.training);
        net.to(float64);
        net.parameters().Should().OnlyContain(p => p.dtype == float64 && p.requires_grad && p.is_leaf);
        net.get_buffer("1.num_batches_tracked")!.dtype.Should().Be(ScalarType.Int64, "counters stay whole numbers");
    }

    [Test]
    public void A_norm_is_clipped_to_what_is_allowed()
    {
        var p = nn.Parameter(zeros(2));
        p.grad = tensor(new[] { 3f, 4f });
        nn.utils.clip_grad_norm_([p], 1).Should().BeApproximately(5, 1e-6);
        p.grad!.norm().ToDouble().Should().BeApproximately(1, 1e-5);
        nn.utils.clip_grad_norm_([p], 10).Should().BeApproximately(1, 1e-5);
        p.grad!.norm().ToDouble().Should().BeApproximately(1, 1e-5, "a small norm is left alone");
    }
}

/// <summary>Shortens the tests above.</summary>
internal static class LeafExtension
{
    public static Tensor requires(this Tensor leaf, bool grad)
    {
        leaf.requires_grad = grad;
        return leaf;
    }
}
