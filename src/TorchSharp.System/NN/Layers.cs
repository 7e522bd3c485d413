using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules
{
    /// <summary>What the convolutions share: weight `[out, in / groups, kernel...]`, bias `[out]`, libtorch's default initial values.</summary>
    public abstract class Convolution : torch.nn.Module<Tensor, Tensor>
    {
        private protected readonly long[] stride, padding, dilation;
        private protected readonly long groups;

        private protected Convolution(
            string name, long inputs, long outputs, long[] kernel, long[] stride, long[] padding, long[] dilation, long groups, bool bias,
            Device? device, ScalarType? dtype) : base(name)
        {
            (this.stride, this.padding, this.dilation, this.groups) = (stride, padding, dilation, groups);
            weight = new Parameter(empty([outputs, inputs / groups, .. kernel], dtype, device));
            register_parameter("weight", weight);
            var bound = Initial.FanInBound(weight);
            Initial.Uniform(weight, bound);
            if (!bias)
                return;
            this.bias = new Parameter(empty([outputs], dtype, device));
            register_parameter("bias", this.bias);
            Initial.Uniform(this.bias, bound);
        }

        public Parameter weight { get; }
        public Parameter? bias { get; }
    }

    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long i, long o, long k, long s, long p, long d, long g, bool b, Device? device, ScalarType? type)
            : base(nameof(Conv1d), i, o, [k], [s], [p], [d], g, b, device, type) { }

        public override Tensor forward(Tensor input) => F.conv1d(input, weight, bias, stride[0], padding[0], dilation[0], groups);
    }

    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long i, long o, long[] k, long[] s, long[] p, long[] d, long g, bool b, Device? device, ScalarType? type)
            : base(nameof(Conv2d), i, o, k, s, p, d, g, b, device, type) { }

        public override Tensor forward(Tensor input) => F.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }

    public sealed class Linear : torch.nn.Module<Tensor, Tensor>
    {
        internal Linear(long inputs, long outputs, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            weight = new Parameter(empty([outputs, inputs], dtype, device));
            register_parameter("weight", weight);
            var bound = Initial.FanInBound(weight);
            Initial.Uniform(weight, bound);
            if (!hasBias)
                return;
            bias = new Parameter(empty([outputs], dtype, device));
            register_parameter("bias", bias);
            Initial.Uniform(bias, bound);
        }

        public Parameter weight { get; }
        public Parameter? bias { get; }

        public override Tensor forward(Tensor tensor) => F.linear(tensor, weight, bias);
    }

    /// <summary>Normalisation of each sample's channels by themselves; without running statistics.</summary>
    public abstract class InstanceNorm : torch.nn.Module<Tensor, Tensor>
    {
        private readonly double eps, momentum;

        private protected InstanceNorm(string name, long features, double eps, double momentum, bool affine, Device? device, ScalarType? dtype) : base(name)
        {
            (this.eps, this.momentum) = (eps, momentum);
            (weight, bias) = Initial.Affine(this, [features], affine, device, dtype);
        }

        public Parameter? weight { get; }
        public Parameter? bias { get; }

        public override Tensor forward(Tensor input) => F.instance_norm(input, null, null, weight, bias, true, momentum, eps);
    }

    public sealed class InstanceNorm2d : InstanceNorm
    {
        internal InstanceNorm2d(long features, double eps, double momentum, bool affine, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm2d), features, eps, momentum, affine, device, dtype) { }
    }

    /// <summary>Normalisation of channels over the whole batch, with running statistics for evaluation.</summary>
    public abstract class BatchNorm : torch.nn.Module<Tensor, Tensor>
    {
        private readonly double eps, momentum;

        private protected BatchNorm(string name, long features, double eps, double momentum, bool affine, Device? device, ScalarType? dtype) : base(name)
        {
            (this.eps, this.momentum) = (eps, momentum);
            (weight, bias) = Initial.Affine(this, [features], affine, device, dtype);
            running_mean = zeros([features], dtype, device);
            running_var = ones([features], dtype, device);
            num_batches_tracked = tensor(0L, ScalarType.Int64, device);
            register_buffer("running_mean", running_mean);
            register_buffer("running_var", running_var);
            register_buffer("num_batches_tracked", num_batches_tracked);
        }

        public Parameter? weight { get; }
        public Parameter? bias { get; }
        public Tensor running_mean { get; }
        public Tensor running_var { get; }
        public Tensor num_batches_tracked { get; }

        public override Tensor forward(Tensor input)
        {
            if (training)
                num_batches_tracked.add_(1);
            return F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps);
        }
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long features, double eps, double momentum, bool affine, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm1d), features, eps, momentum, affine, device, dtype) { }
    }

    public sealed class LayerNorm : torch.nn.Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] shape, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (normalized_shape, this.eps) = (shape, eps);
            (weight, bias) = Initial.Affine(this, shape, affine, device, dtype);
        }

        public Parameter? weight { get; }
        public Parameter? bias { get; }
        public long[] normalized_shape { get; }
        public double eps { get; }

        public override Tensor forward(Tensor tensor) => F.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    public sealed class PReLU : torch.nn.Module<Tensor, Tensor>
    {
        internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype) : base(nameof(PReLU))
        {
            (this.num_parameters, this.init) = (num_parameters, init);
            weight = new Parameter(full([num_parameters], init, dtype, device));
            register_parameter("weight", weight);
        }

        public long num_parameters { get; }
        public double init { get; }
        public Parameter weight { get; }

        public override Tensor forward(Tensor tensor) => F.prelu(tensor, weight);
    }

    public sealed class Dropout : torch.nn.Module<Tensor, Tensor>
    {
        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; }
        public bool inplace { get; }

        public override Tensor forward(Tensor tensor) => F.dropout(tensor, p, training, inplace);
    }

    /// <summary>Modules in a row, named 0, 1, ... or as given.</summary>
    public sealed class Sequential : torch.nn.Module<Tensor, Tensor>
    {
        private readonly List<torch.nn.IModule<Tensor, Tensor>> items = [];

        internal Sequential(IEnumerable<(string, torch.nn.Module<Tensor, Tensor>)> modules) : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules)
            {
                register_module(name, module);
                items.Add(module);
            }
        }

        public int Count => items.Count;

        public override Tensor forward(Tensor tensor)
        {
            foreach (var m in items)
                tensor = m.call(tensor);
            return tensor;
        }
    }

    /// <summary>libtorch's default initial values.</summary>
    internal static class Initial
    {
        /// <summary>1 / sqrt(fan in), fan in being the product of the weight's axes after the first.</summary>
        internal static double FanInBound(Tensor weight) => 1 / Math.Sqrt(weight.shape.Skip(1).Aggregate(1L, (a, b) => a * b));

        /// <summary>Registers weight 1 and bias 0 where a normalisation is affine.</summary>
        internal static (Parameter? Weight, Parameter? Bias) Affine(torch.nn.Module owner, long[] shape, bool affine, Device? device, ScalarType? dtype)
        {
            if (!affine)
                return (null, null);
            Parameter weight = new(ones(shape, dtype, device)), bias = new(zeros(shape, dtype, device));
            owner.register_parameter("weight", weight);
            owner.register_parameter("bias", bias);
            return (weight, bias);
        }

        internal static void Uniform(Tensor t, double bound)
        {
            using (no_grad())
                t.uniform_(-bound, bound);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv1d Conv1d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, dilation, Zeros(padding_mode, groups), bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size, kernel_size], [stride, stride], [padding, padding], [dilation, dilation],
                    Zeros(padding_mode, groups), bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Two(kernel_size), Two(stride ?? (1, 1)), Two(padding ?? (0, 0)), Two(dilation ?? (1, 1)),
                    Zeros(padding_mode, groups), bias, device, dtype);

            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static InstanceNorm2d InstanceNorm2d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false,
                Device? device = null, ScalarType? dtype = null) =>
                track_running_stats
                    ? throw new NotSupportedException("InstanceNorm2d: running statistics are not supported by this engine.")
                    : new(num_features, eps, momentum, affine, device, dtype);

            public static BatchNorm1d BatchNorm1d(
                long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true,
                Device? device = null, ScalarType? dtype = null) =>
                !track_running_stats
                    ? throw new NotSupportedException("BatchNorm1d: without running statistics it is not supported by this engine.")
                    : new(num_features, eps, momentum, affine, device, dtype);

            public static LayerNorm LayerNorm(
                long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                !bias
                    ? throw new NotSupportedException("LayerNorm: without a bias it is not supported by this engine.")
                    : new(normalized_shape, eps, elementwise_affine, device, dtype);

            public static LayerNorm LayerNorm(
                long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null,
                ScalarType? dtype = null) => LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) =>
                new(num_parameters, init, device, dtype);

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                new(modules.Select((m, k) => (k.ToString(System.Globalization.CultureInfo.InvariantCulture), m)));

            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

            private static long[] Two((long, long) pair) => [pair.Item1, pair.Item2];

            private static long Zeros(PaddingModes mode, long groups) =>
                mode == PaddingModes.Zeros ? groups : throw new NotSupportedException($"Convolution padding '{mode}' is not supported by this engine.");
        }
    }
}
