using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static class optim
        {
            public interface ILearningRateController
            {
                double LearningRate { get; set; }
                double InitialLearningRate { get; set; }
            }

            public abstract class Optimizer : IDisposable
            {
                private protected Optimizer() { }

                public abstract IEnumerable<ILearningRateController> ParamGroups { get; }
                public abstract IEnumerable<Parameter> parameters();
                public abstract Tensor? step(Func<Tensor>? closure = null);

                public virtual void zero_grad()
                {
                    foreach (var p in parameters())
                        p.grad = null;
                }

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing) { }
            }

            public static AdamW AdamW(
                IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What optimisers share beyond stepping: their state can be written and read.</summary>
    public abstract class OptimizerHelper : torch.optim.Optimizer
    {
        private protected OptimizerHelper() { }

        public abstract void save_state_dict(BinaryWriter writer);
        public abstract void load_state_dict(BinaryReader reader);
    }

    /// <summary>A group's learning rate.</summary>
    public sealed class ParamGroup : torch.optim.ILearningRateController
    {
        public double LearningRate { get; set; }
        public double InitialLearningRate { get; set; }
    }

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2), in PyTorch's order of operations:
    /// p *= 1 - lr*decay; m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p -= lr/(1-b1^t) * m / (sqrt(v)/sqrt(1-b2^t) + eps).
    /// </summary>
    public sealed class AdamW : OptimizerHelper
    {
        private readonly Parameter[] all;
        private readonly State?[] states;
        private readonly ParamGroup group;
        private readonly double beta1, beta2, eps, decay;

        public AdamW(
            IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (amsgrad || maximize)
                throw new NotSupportedException("AdamW: amsgrad and maximize are not supported by this engine.");
            all = [.. parameters];
            states = new State?[all.Length];
            group = new ParamGroup { LearningRate = lr, InitialLearningRate = lr };
            (this.beta1, this.beta2, this.eps, decay) = (beta1, beta2, eps, weight_decay);
        }

        public override IEnumerable<torch.optim.ILearningRateController> ParamGroups => [group];

        public override IEnumerable<Parameter> parameters() => all;

        public override torch.Tensor? step(Func<torch.Tensor>? closure = null)
        {
            var loss = closure?.Invoke();
            using var quiet = torch.no_grad();
            var lr = group.LearningRate;
            for (var k = 0; k < all.Length; k++)
            {
                using var scope = torch.NewDisposeScope();
                var p = all[k];
                if (p.grad is not { } g)
                    continue;
                var s = states[k] ??= new State(torch.zeros_like(p).DetachFromDisposeScope(), torch.zeros_like(p).DetachFromDisposeScope());
                s.Steps++;
                if (decay != 0)
                    p.mul_(1 - lr * decay);
                s.Mean.mul_(beta1).add_(g, 1 - beta1);
                s.Square.mul_(beta2).addcmul_(g, g, 1 - beta2);
                var root = s.Square.sqrt().div_(Math.Sqrt(1 - Math.Pow(beta2, s.Steps))).add_(eps);
                p.addcdiv_(s.Mean, root, -lr / (1 - Math.Pow(beta1, s.Steps)));
            }
            return loss;
        }

        public override void save_state_dict(BinaryWriter writer)
        {
            writer.Write(all.Length);
            writer.Write(group.LearningRate);
            foreach (var s in states)
            {
                writer.Write(s is null ? 0L : s.Steps);
                if (s is null)
                    continue;
                foreach (var t in new[] { s.Mean, s.Square })
                {
                    using var here = t.cpu();
                    writer.Write(here.bytes);
                }
            }
        }

        /// <exception cref="InvalidDataException">When the state is of other parameters.</exception>
        public override void load_state_dict(BinaryReader reader)
        {
            var count = reader.ReadInt32();
            if (count != all.Length)
                throw new InvalidDataException($"The optimiser's state holds {count} parameters, the network has {all.Length}.");
            group.LearningRate = reader.ReadDouble();
            for (var k = 0; k < all.Length; k++)
            {
                var steps = reader.ReadInt64();
                states[k]?.Dispose();
                states[k] = steps == 0 ? null : new State(Read(reader, all[k]), Read(reader, all[k])) { Steps = steps };
            }
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var s in states)
                s?.Dispose();
            Array.Clear(states);
            base.Dispose(disposing);
        }

        private static torch.Tensor Read(BinaryReader reader, Parameter like)
        {
            using var scope = torch.NewDisposeScope();
            var t = torch.empty(like.shape, like.dtype);
            reader.BaseStream.ReadExactly(t.bytes);
            return t.to(like.device).DetachFromDisposeScope();
        }

        private sealed class State(torch.Tensor mean, torch.Tensor square) : IDisposable
        {
            public long Steps { get; set; }
            public torch.Tensor Mean => mean;
            public torch.Tensor Square => square;

            public void Dispose()
            {
                mean.Dispose();
                square.Dispose();
            }
        }
    }
}
