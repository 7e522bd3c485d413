using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get
            {
                var on = Native.sg_requires_grad(Handle) != 0;
                GC.KeepAlive(this);
                return on;
            }
            set => Native.Check(Native.sg_set_requires_grad(Handle, value ? 1 : 0), "requires_grad");
        }

        public bool is_leaf => Native.sg_is_leaf(Handle) != 0;

        /// <summary>The gradient, or null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.sg_grad(Handle, out var g), "grad");
                return g == 0 ? null : new Tensor(g);
            }
            set
            {
                Native.Check(Native.sg_set_grad(Handle, value is null ? 0 : value.Handle), "grad");
                GC.KeepAlive(value);
            }
        }

        public void retain_grad() => Native.Check(Native.sg_retain_grad(Handle), "retain_grad");

        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static class autograd
    {
        /// <summary>Adds the gradients of <paramref name="tensors"/> to every leaf they depend on.</summary>
        public static unsafe void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var retain = retain_graph is { } keep ? (keep ? 1 : 0) : -1;
            fixed (nint* t = Handles(tensors), g = Handles(grad_tensors), i = Handles(inputs))
                Native.Check(
                    Native.sg_backward(t, tensors.Count, g, grad_tensors?.Count ?? 0, retain, create_graph ? 1 : 0, i, inputs?.Count ?? 0),
                    "backward");
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>The gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>; no leaf is touched.</summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* o = Handles(outputs), i = Handles(inputs), g = Handles(grad_outputs), r = results)
                Native.Check(
                    Native.sg_autograd_grad(
                        o, outputs.Count, i, inputs.Count, g, grad_outputs?.Count ?? 0, retain_graph ? 1 : 0, create_graph ? 1 : 0,
                        allow_unused ? 1 : 0, r),
                    "grad");
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, h => new Tensor(h));
        }

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(t => t.Handle)];
    }
}
