using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The base of every network part: its parameters, buffers and children by name.</summary>
        public abstract class Module : IDisposable
        {
            private readonly List<(string Name, Parameter Value)> own = [];
            private readonly List<(string Name, Tensor Value)> ownBuffers = [];
            private readonly List<(string Name, Module Value)> ownChildren = [];

            protected Module(string name) => this.name = name;

            public readonly string name;
            public bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void register_parameter(string name, Parameter param)
            {
                CheckName(name);
                own.Add((name, param));
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                CheckName(name);
                ownBuffers.Add((name, tensor));
            }

            public virtual void register_module(string name, Module submodule)
            {
                CheckName(name);
                ownChildren.Add((name, submodule));
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Registers every field that is a module, a parameter or a tensor under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                    switch (field.GetValue(this))
                    {
                        case Module m when !ownChildren.Exists(c => c.Name == field.Name): register_module(field.Name, m); break;
                        case Parameter p when !own.Exists(c => c.Name == field.Name): register_parameter(field.Name, p); break;
                        case Tensor t and not Modules.Parameter when !ownBuffers.Exists(c => c.Name == field.Name): register_buffer(field.Name, t); break;
                    }
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => ownChildren.Select(c => (c.Name, c.Value));
            public virtual IEnumerable<Module> children() => ownChildren.Select(c => c.Value);

            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                ownChildren.SelectMany(c => c.Value.named_modules().Select(m => (c.Name + "." + m.name, m.module)).Prepend((c.Name, c.Value)));

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                own.Select(p => (p.Name, p.Value)).Concat(
                    recurse ? ownChildren.SelectMany(c => c.Value.named_parameters().Select(p => (c.Name + "." + p.name, p.parameter))) : []);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                ownBuffers.Select(b => (b.Name, b.Value)).Concat(
                    recurse ? ownChildren.SelectMany(c => c.Value.named_buffers().Select(b => (c.Name + "." + b.name, b.buffer))) : []);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => named_parameters().Any(p => p.name == target);
            public virtual bool has_buffer(string target) => named_buffers().Any(p => p.name == target);
            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;
            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(p => p.name == target).buffer;

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var entry in named_parameters())
                    destination[before + entry.name] = entry.parameter;
                foreach (var entry in named_buffers())
                    destination[before + entry.name] = entry.buffer;
                return destination;
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, child) in ownChildren)
                    child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var p in parameters())
                    if (set_to_none)
                        p.grad = null;
                    else
                        p.grad?.zero_();
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in ownChildren)
                    child.apply(fn);
                fn(this);
                return this;
            }

            internal void Move(ScalarType? type, Device? device)
            {
                foreach (var t in state_dict().Values)
                {
                    var to = t.is_floating_point() ? type ?? t.dtype : t.dtype;
                    using var moved = t.detach();
                    using var there = device is null ? moved.to(to) : moved.to(to, device);
                    t.Become(there);
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var (_, p) in own)
                    p.Dispose();
                foreach (var (_, b) in ownBuffers)
                    b.Dispose();
                foreach (var (_, c) in ownChildren)
                    c.Dispose();
            }

            private static void CheckName(string name)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"'{name}' cannot name a parameter, buffer or module: it is empty or holds a dot.", nameof(name));
            }
        }

        public interface IModule<T, TResult>
        {
            TResult call(T input1);
        }

        public abstract class Module<T, TResult>(string name) : Module(name), IModule<T, TResult>
        {
            public abstract TResult forward(T input);
            public TResult call(T input) => forward(input);
        }

        public abstract class Module<T1, T2, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T1 input1, T2 input2);
            public TResult call(T1 input1, T2 input2) => forward(input1, input2);
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Move(type, null);
        return module;
    }

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Move(null, device);
        return module;
    }

    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false) where T : torch.nn.Module
    {
        module.Move(type, device);
        return module;
    }
}
